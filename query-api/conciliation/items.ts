import type { Knex } from 'knex';
import type { Change } from '#shared/conciliation/categories.ts';
import { changesTable, itemsTable, KEPT, type ItemRow } from '#shared/conciliation/tables.ts';
import { ourSalesTable, type ConciliationRow } from '#shared/conciliation/view.ts';
import { inPages } from '#shared/platform/in-pages.ts';
import { pairsAfter } from './pairs.ts';

/** What is read at a time of a list that has no end. */
const CHUNK = 2_000;

/** An item, with the document of our sale as that has it. */
export type ItemFound = ItemRow & {
  /** Sealed as field `document` under `our_subject`. */
  readonly our_document: string | null;
};

export type ItemPlace = Pick<ItemRow, 'line' | 'position'>;
const FIRST: ItemPlace = { line: 0, position: '-1' };

export type Run = Pick<
  ConciliationRow,
  'statement_id' | 'position' | 'source' | 'from_day' | 'to_day'
>;

export type ItemsWanted = {
  readonly category?: string | undefined;
  /** Only what is so since the report before; of what is cleared, the items of that report. */
  readonly change?: Change | undefined;
};
type Reading = ItemsWanted & {
  /** The run before, whose items are read by the changes of the one that cleared them. */
  readonly before?: Run | undefined;
};

/** Of those that are written down. */
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

const COLUMNS = [
  ...['line', 'position', 'category', 'reason', 'ours', 'theirs', 'sale_id', 'our_id'],
  ...['our_subject', 'our_amount', 'our_status', 'our_day', 'attempts', 'their_id'],
  ...['their_subject', 'their_amount', 'their_at', 'document', 'sealed_for'],
] as const satisfies readonly (keyof ItemRow)[];

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
  const written = `
    select ${COLUMNS.map((column) => `i.${column}`).join(', ')}, h.document as our_document
      from (${placesIn(run, wanted)}) i left join ${ourSalesTable} h on h.sale_id = i.sale_id`;
  const isPaired = change === undefined && (category ?? 'MATCHED') === 'MATCHED';
  const { rows } = await db.raw<{ readonly rows: readonly ItemFound[] }>(
    `select * from (${isPaired ? `${written} union all ${pairsAfter(run)}` : written}) f
      order by line, position limit :limit`,
    {
      ...{ line, after, position: before.position, limit },
      ...{ from: before.from_day, to: before.to_day },
      ...(category !== undefined && { category }),
      ...(change !== undefined && { change }),
    },
  );
  return rows;
};

/** All of them, a chunk at a time. */
export const allItems = (
  db: Knex,
  row: Run,
  wanted: Reading = {},
  chunk = CHUNK,
): AsyncGenerator<readonly ItemFound[]> =>
  inPages<ItemFound>(chunk, (after, limit) => itemsAfter(db, row, { ...wanted, limit, after }));
