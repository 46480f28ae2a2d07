import type { Knex } from 'knex';
import { documentsIn, documentsSealing } from '#shared/conciliation/documents.ts';
import { statementSubject } from '#shared/conciliation/identity.ts';
import type { ForgetInStatements } from '#shared/conciliation/ports.ts';
import { documentsTable, itemsTable, KEPT } from '#shared/conciliation/tables.ts';
import type { StatementId } from '#shared/ids.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
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

type Block = {
  readonly block: number;
  readonly subjects: readonly string[];
  readonly sealed: string;
};

/** Documents that are sealed together are sealed anew, without this one. */
const forgetInBlocks = async (
  tx: Knex,
  keys: PersonalKeys,
  id: StatementId,
  subjectId: string,
): Promise<void> => {
  const table = `${KEPT}.${documentsTable(id)}`;
  const owner = statementSubject(id);
  const key = (await keys.find([owner])).get(owner);
  if (!key) throw new Error('The key of a statement is not there any more');
  const seal = documentsSealing(key, owner);
  const { rows } = await tx.raw<{ readonly rows: readonly Block[] }>(
    `select * from ${table} where ? = any(subjects)`,
    [subjectId],
  );
  for (const { block, subjects, sealed } of rows) {
    const isKept = (_: string, nth: number) => subjects[nth] !== subjectId;
    const kept = documentsIn(sealed, key, owner).filter(isKept);
    await tx.raw(`update ${table} set subjects = ?, sealed = ? where block = ?`, [
      ...[subjects.filter(isKept), seal(kept), block],
    ]);
  }
};

const forgetIn = async (
  tx: Knex,
  keys: PersonalKeys,
  id: StatementId,
  subjectId: string,
): Promise<void> => {
  if (!(await holdOf(tx, id))) return;
  const [items, documents] = [itemsTable(id), documentsTable(id)];
  if (await isThere(tx, items))
    await tx.raw(
      `update ${KEPT}.${items} set document = null, sealed_for = null
        where their_subject = ? and document is not null`,
      [subjectId],
    );
  if (await isThere(tx, documents)) await forgetInBlocks(tx, keys, id, subjectId);
};

/**
 * Statement after statement, each in a transaction of its own. One that is taken after the key is
 * gone needs no looking at: its run sees for itself who was erased.
 */
export const forgettingIn =
  (db: Knex, keys: PersonalKeys): ForgetInStatements =>
  async (subjectId) => {
    const pages = inPages<Kept>(CHUNK, (after, limit) => {
      const next = db<Kept>(statementTable).orderBy('id').limit(limit);
      return after === undefined ? next : next.where('id', '>', after.id);
    });
    for await (const statements of pages)
      for (const { id } of statements)
        await db.transaction((tx) => forgetIn(tx, keys, id, subjectId));
  };
