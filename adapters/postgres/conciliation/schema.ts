import type { Knex } from 'knex';
import { STOOD } from '#shared/conciliation/as-of.ts';
import { documentsTable, itemsTable, KEPT, rowsTable } from '#shared/conciliation/tables.ts';

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

/** The view of our sales as it was called when they were made. */
const rowsLeft = (id: string) => `
  create table ${KEPT}.${rowsTable(id)} as
  select i.line, case when i.category = 'UNREADABLE' then i.reason end as reason, i.their_id as id,
         coalesce(i.their_subject, h.subject_id) as subject,
         coalesce(i.their_amount, 0) as amount, i.their_at as at, false as again
    from ${KEPT}.${itemsTable(id)} i left join conciliation_sales_view h on h.sale_id = i.sale_id
   where i.theirs;
  create unique index ${rowsTable(id)}_line on ${KEPT}.${rowsTable(id)} (line);
  delete from ${KEPT}.${itemsTable(id)}
   where category = 'MATCHED' and ours and theirs and our_subject is null`;

/** Of a statement whose run had not begun, documents were with its rows; they are let go. */
const documentsLeft = (id: string) => `
  create table if not exists ${KEPT}.${documentsTable(id)} (
    block integer primary key, subjects uuid[] not null, sealed text not null);
  alter table ${KEPT}.${rowsTable(id)} drop column if exists document`;

/** Reports from when pairs stood among the items, and the rows had gone: it is the other way round. */
export const conciliationPairsSchema = {
  name: 'conciliation-pairs',
  up: async (db: Knex): Promise<void> => {
    const kept = await db<{ id: string; finished_at: Date | null }>(statementTable);
    for (const { id, finished_at: finishedAt } of kept) {
      const isThere = await db.schema.withSchema(KEPT).hasTable(rowsTable(id));
      if (finishedAt && !isThere) await db.raw(rowsLeft(id));
      if (!finishedAt && isThere) await db.raw(documentsLeft(id));
    }
  },
};
