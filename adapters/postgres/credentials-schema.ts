import type { Knex } from 'knex';

export const credentialsSchema = {
  name: 'credentials',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create schema if not exists vault;
      create table vault.credentials (
        account_id uuid primary key,
        role text not null,
        company_id text,
        password_hash text not null,
        password_revision bigint not null,
        disabled_at timestamptz,
        disabled_revision bigint not null
      );
      create index credentials_disabled_at on vault.credentials (disabled_at)
        where disabled_at is not null;
      create table vault.login (
        login text primary key,
        account_id uuid not null
      );
      create index login_account_id on vault.login (account_id);
      create table vault.credential_change (
        command_id uuid not null,
        fingerprint text not null,
        account_id uuid not null,
        intended_at timestamptz not null default now(),
        change jsonb not null,
        primary key (command_id, fingerprint)
      );
      create index credential_change_intended_at on vault.credential_change (intended_at)`);
  },
};
