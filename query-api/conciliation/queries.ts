import type { Knex } from 'knex';
import { itemsTable, KEPT } from '#shared/conciliation/tables.ts';
import {
  conciliationsTable,
  findingsTable,
  type ConciliationRow,
  type FindingRow,
} from '#shared/conciliation/view.ts';
import type { FindingId } from '#shared/ids.ts';

/** Newest first. */
export const conciliationsBefore = (
  db: Knex,
  { limit, before }: { readonly limit: number; readonly before: string | undefined },
): Promise<ConciliationRow[]> => {
  const rows = db<ConciliationRow>(conciliationsTable).orderBy('position', 'desc').limit(limit);
  return before === undefined ? rows : rows.where('position', '<', before);
};

export const conciliationBy = (db: Knex, id: string): Promise<ConciliationRow | undefined> =>
  db<ConciliationRow>(conciliationsTable).where({ conciliation_id: id }).first();

/** Of which days the items of some categories are, and how many; `null` for those without one. */
export const daysOf = async (
  db: Knex,
  { statement_id: statementId }: Pick<ConciliationRow, 'statement_id'>,
  categories: readonly string[],
): Promise<ReadonlyMap<string | null, number>> => {
  const day = `case when ours then our_day
                    else substring(their_at from '^\\d{4}-\\d{2}-\\d{2}') end`;
  const { rows } = await db.raw<{ readonly rows: readonly { day: string | null; n: string }[] }>(
    `select ${day} as day, count(*)::text as n from ${KEPT}.${itemsTable(statementId)}
      where category = any(:categories) group by 1`,
    { categories: categories },
  );
  return new Map(rows.map(({ day: on, n }) => [on, Number(n)]));
};

/** What was done about these, as far as anything was. */
export const findingsBy = (db: Knex, ids: readonly FindingId[]): Promise<FindingRow[]> =>
  db<FindingRow>(findingsTable).whereIn('finding_id', ids as FindingId[]);
