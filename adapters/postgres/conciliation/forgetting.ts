import type { Knex } from 'knex';
import type { ForgetInStatements } from '#shared/conciliation/ports.ts';
import { itemsTable, KEPT, rowsTable } from '#shared/conciliation/tables.ts';
import type { StatementId } from '#shared/ids.ts';
import { inPages } from '#shared/platform/in-pages.ts';
import { statementTable } from './schema.ts';

const CHUNK = 500;

type Kept = { readonly id: StatementId };

const isThere = async (tx: Knex, table: string): Promise<boolean> => {
  const { rows } = await tx.raw<{ readonly rows: readonly { readonly at: unknown }[] }>(
    'select to_regclass(?) as at',
    [`${KEPT}.${table}`],
  );
  return rows[0]?.at !== null;
};

/** Whoever matches it has hold of it until that is done: what comes of it is looked at then. */
const holdOf = (tx: Knex, id: StatementId) =>
  tx<Kept>(statementTable).where({ id }).forUpdate().first();

const forgetIn = async (tx: Knex, id: StatementId, subjectId: string): Promise<void> => {
  if (!(await holdOf(tx, id))) return;
  const [items, rows] = [itemsTable(id), rowsTable(id)];
  if (await isThere(tx, items))
    await tx.raw(
      `update ${KEPT}.${items} set document = null, sealed_for = null
        where their_subject = ? and document is not null`,
      [subjectId],
    );
  if (await isThere(tx, rows))
    await tx.raw(
      `update ${KEPT}.${rows} set document = null where subject = ? and document is not null`,
      [subjectId],
    );
};

/**
 * Statement after statement, each in a transaction of its own. One that is taken after the key is
 * gone needs no looking at: its run sees for itself who was erased.
 */
export const forgettingIn =
  (db: Knex): ForgetInStatements =>
  async (subjectId) => {
    const pages = inPages<Kept>(CHUNK, (after, limit) => {
      const next = db<Kept>(statementTable).orderBy('id').limit(limit);
      return after === undefined ? next : next.where('id', '>', after.id);
    });
    for await (const statements of pages)
      for (const { id } of statements) await db.transaction((tx) => forgetIn(tx, id, subjectId));
  };
