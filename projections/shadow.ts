import type { Knex } from 'knex';
import { projectionTable, type ProjectionRow } from '#shared/platform/checkpoint.ts';
import { createTable } from './rows.ts';
import type { AnyView } from './view.ts';

/** A secondary index, as the statement that makes it. */
type Index = { readonly name: string; readonly definition: string };

/** What is left out while rows pour in; the primary key stays, since rows are found by it. */
const secondaryIndexes = async (db: Knex, table: string): Promise<readonly Index[]> => {
  const { rows } = await db.raw<{ readonly rows: readonly Index[] }>(
    `select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
       from pg_index i
       join pg_class c on c.oid = i.indexrelid
      where i.indrelid = format('shadow.%I', ?::text)::regclass
        and not exists (select from pg_constraint where conindid = i.indexrelid)`,
    [table],
  );
  return rows;
};

/** An empty table without its secondary indexes, and the statements that make those. */
export const emptyShadow = async (
  tx: Knex.Transaction,
  view: AnyView,
): Promise<readonly string[]> => {
  await dropShadow(tx, view);
  await createTable(tx, view, 'shadow');
  const found = await secondaryIndexes(tx, view.table);
  for (const { name } of found) await tx.raw('drop index shadow.??', [name]);
  return found.map(({ definition }) => definition);
};

/** For one index at a time: less of it goes to the disk and back while it is made. */
const SORTED_IN_MEMORY = '256MB';

/** However long it takes: nobody waits for a shadow. */
export const makeIndexes = async (
  tx: Knex.Transaction,
  { table }: AnyView,
  definitions: readonly string[],
): Promise<void> => {
  await tx.raw('set local statement_timeout = 0');
  await tx.raw(`set local maintenance_work_mem = '${SORTED_IN_MEMORY}'`);
  for (const definition of definitions) await tx.raw(definition);
  await tx.raw('analyze shadow.??', [table]);
};

/** Whether there is such a table at all. */
export const isThere = (
  db: Knex,
  { table }: AnyView,
  place: 'public' | 'shadow' | 'archive',
): Promise<boolean> => db.schema.withSchema(place).hasTable(table);

export const dropShadow = (db: Knex, { table }: AnyView) =>
  db.schema.withSchema('shadow').dropTableIfExists(table);

/** Drops the table that the last rebuild has taken the place of. False where there is none. */
export const dropArchive = (db: Knex, view: AnyView): Promise<boolean> =>
  db.transaction(async (tx) => {
    const wasThere = await isThere(tx, view, 'archive');
    await tx.schema.withSchema('archive').dropTableIfExists(view.table);
    return wasThere;
  });

/** Takes a view's row on the list: whoever keeps the view waits for the end of the transaction. */
export const holdStill = async (tx: Knex.Transaction, { name }: AnyView): Promise<bigint> => {
  const row = await tx<ProjectionRow>(projectionTable).where({ name }).forUpdate().first();
  if (!row) throw new Error(`View ${name} was taken off the list while it was being rebuilt`);
  return BigInt(row.position);
};

/**
 * Puts the shadow in the place of the live table, which goes to the archive in place of the one
 * before. The position stays: it is the same work.
 */
export const putInPlace = async (tx: Knex.Transaction, view: AnyView): Promise<void> => {
  const { name, version, table } = view;
  await tx.raw('drop table if exists archive.??', [table]);
  await tx.raw('alter table if exists public.?? set schema archive', [table]);
  await tx.raw('alter table shadow.?? set schema public', [table]);
  await tx<ProjectionRow>(projectionTable)
    .where({ name })
    .update({ version, keeps: table, status: 'RUNNING', last_error: null, rebuild: null });
};
