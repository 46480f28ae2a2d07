import type { Knex } from 'knex';

export const sessionsSchema = {
  name: 'sessions',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create schema if not exists vault;
      create table vault.session (
        id uuid primary key,
        account_id uuid not null,
        token_hash text not null,
        device text not null,
        created_at timestamptz not null,
        last_used_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        reason text,
        revoked_by jsonb,
        recorded boolean not null default false
      );
      create index session_account_id on vault.session (account_id, created_at, id);
      create index session_unrecorded on vault.session (revoked_at)
        where revoked_at is not null and not recorded;
      create index session_expires_at on vault.session (expires_at)`);
  },
};
