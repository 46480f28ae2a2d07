import type { Knex } from 'knex';
import { STOOD } from '#shared/conciliation/as-of.ts';

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

/** A function of its own rather than a subquery: a plan with one of those is not shared by processes. */
export const conciliationPastSchema = {
  name: 'conciliation-past',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create function ${STOOD}(earlier json, as_of bigint) returns json
        language sql immutable strict parallel safe as $$
          select e from json_array_elements(earlier) e where (e ->> 0)::bigint <= as_of
           order by (e ->> 0)::bigint desc limit 1
        $$`);
  },
};

/** What each was set against, so that the next one of the same books finds the one before. */
export const conciliationRunsSchema = {
  name: 'conciliation-runs',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      alter table conciliation.statement
        add column source text, add column from_day text, add column to_day text,
        add column position bigint`);
  },
};
