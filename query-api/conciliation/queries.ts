import type { Knex } from 'knex';
import { ATTEMPTS_AS_OF, PARTNER_ID_AS_OF, STATUS_AS_OF } from '#shared/conciliation/as-of.ts';
import type { Change } from '#shared/conciliation/categories.ts';
import { changesTable, itemsTable, KEPT, type ItemRow } from '#shared/conciliation/tables.ts';
import {
  conciliationsTable,
  findingsTable,
  ourSalesTable,
  type ConciliationRow,
  type FindingRow,
} from '#shared/conciliation/view.ts';
import type { FindingId } from '#shared/ids.ts';
import { inPages } from '#shared/platform/in-pages.ts';

/** What is read at a time of a list that has no end. */
const CHUNK = 2_000;

/** An item, with the document of our sale as that has it. */
export type ItemFound = ItemRow & {
  /** Sealed as field `document` under `our_subject`. */
  readonly our_document: string | null;
};

export type ItemPlace = Pick<ItemRow, 'line' | 'position'>;
const FIRST: ItemPlace = { line: 0, position: '-1' };

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

type Run = Pick<ConciliationRow, 'statement_id' | 'position'>;

/** Of `i`, what it says itself, or what our sale, `h`, was at the position: a pair says no more. */
const orOurs = (column: string, ours: string): string =>
  `case when i.ours and i.our_subject is null then ${ours} else i.${column} end as ${column}`;

const ITEM = [
  ...['line', 'position', 'category', 'reason', 'ours', 'theirs', 'sale_id', 'our_amount'],
  ...['their_id', 'their_amount', 'their_at', 'document', 'sealed_for'],
]
  .map((column) => `i.${column}`)
  .concat(
    orOurs('our_id', PARTNER_ID_AS_OF),
    orOurs('our_subject', 'h.subject_id'),
    orOurs('our_status', STATUS_AS_OF),
    orOurs('our_day', 'h.sold_on'),
    orOurs('attempts', ATTEMPTS_AS_OF),
    orOurs('their_subject', 'h.subject_id'),
  )
  .join(', ');

export type ItemsWanted = {
  readonly category?: string | undefined;
  /** Only what is so since the report before; of what is cleared, the items of that report. */
  readonly change?: Change | undefined;
};
type Reading = ItemsWanted & {
  /** The run before, whose items are read by the changes of the one that cleared them. */
  readonly before?: Run | undefined;
};

const placesIn = (run: Run, { category, change, before = run }: Reading): string => {
  const items = `${KEPT}.${itemsTable(before.statement_id)}`;
  const wanted = category === undefined ? '' : 'and i.category = :category';
  const order = 'order by i.line, i.position limit :limit';
  if (change === undefined)
    return `select i.* from ${items} i where (i.line, i.position) > (:line, :after) ${wanted} ${order}`;
  const [line, position] = before === run ? ['line', 'position'] : ['was_line', 'was_position'];
  return `
    select i.* from ${KEPT}.${changesTable(run.statement_id)} c
      join ${items} i on i.line = c.${line} and i.position = c.${position}
     where c.change = :change and (c.${line}, c.${position}) > (:line, :after) ${wanted} ${order}`;
};

/** In the order of the statement, then what is not in it in the order of the log. */
export const itemsAfter = async (
  db: Knex,
  run: Run,
  {
    limit,
    after: { line, position: after } = FIRST,
    ...wanted
  }: Reading & { readonly limit: number; readonly after?: ItemPlace | undefined },
): Promise<readonly ItemFound[]> => {
  const { category, change, before = run } = wanted;
  const { rows } = await db.raw<{ readonly rows: readonly ItemFound[] }>(
    `select ${ITEM}, h.document as our_document
       from (${placesIn(run, wanted)}) i
       left join ${ourSalesTable} h on h.sale_id = i.sale_id
      order by i.line, i.position`,
    {
      ...{ line, after, position: before.position, limit },
      ...(category !== undefined && { category }),
      ...(change !== undefined && { change }),
    },
  );
  return rows;
};

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

/** All of them, a chunk at a time. */
export const allItems = (
  db: Knex,
  row: Run,
  wanted: Reading = {},
): AsyncGenerator<readonly ItemFound[]> =>
  inPages<ItemFound>(CHUNK, (after, limit) => itemsAfter(db, row, { ...wanted, limit, after }));
