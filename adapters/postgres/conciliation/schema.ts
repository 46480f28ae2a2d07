import type { Knex } from 'knex';

/** Statements that were kept; each has tables of its own for its rows and for its items. */
export const statementTable = 'conciliation.statement';

export const conciliationSchema = {
  name: 'conciliation',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create schema if not exists conciliation;
      create table conciliation.statement (
        id uuid primary key,
        conciliation_id uuid,
        kept_at timestamptz not null default now(),
        finished_at timestamptz
      )`);
  },
};
