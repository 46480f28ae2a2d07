import { salesAsOf } from '#shared/conciliation/as-of.ts';
import { documentsTable, itemsTable, KEPT, rowsTable } from '#shared/conciliation/tables.ts';
import type { Wanted } from '#shared/conciliation/matching.ts';

// The two sides as SQL. Values are bound as :from, :to and :position; names are put in here.

export type Sides = {
  /** Of this statement, quoted. */
  readonly rows: string;
  readonly documents: string;
  readonly items: string;
  /** The view that keeps how our sales stood. */
  readonly sales: string;
};

export const sidesOf = ({ statementId }: Wanted, salesTable: string): Sides => ({
  rows: `${KEPT}.${rowsTable(statementId)}`,
  documents: `${KEPT}.${documentsTable(statementId)}`,
  items: `${KEPT}.${itemsTable(statementId)}`,
  sales: salesTable,
});

/** Our sales that had been received at the position, as they stood there. */
export const oursAsOf = ({ sales }: Sides, where: string): string => salesAsOf(sales, where);

export const OUTSIDE = '(h.sold_on < :from or h.sold_on > :to)';

/** What our side of an item comes to, from an alias of `oursAsOf`. */
export const ourAmount = (o: string, amount: string): string =>
  `case when ${o}.status = 'REFUSED' then 0 else ${o}.${amount} end`;

/** Of items as `i`: these alone are in an index while pairs are looked for. */
export const NOT_MATCHED = "i.category <> 'MATCHED'";

export const ITEM_COLUMNS = [
  ...['line', 'position', 'category', 'reason', 'ours', 'theirs', 'sale_id', 'our_id'],
  ...['our_subject', 'our_amount', 'our_status', 'our_day', 'attempts', 'their_id'],
  ...['their_subject', 'their_amount', 'their_at', 'document', 'sealed_for'],
].join(', ');

/** Where what is still alone on either side waits to be paired by less than its own key. */
export const waiting: readonly string[] = [
  `create temp table theirs_left (line integer primary key, id text collate "C", subject uuid,
     amount bigint, at timestamp) on commit drop`,
  `create temp table ours_left (position bigint primary key, sale_id uuid, id text collate "C",
     subject uuid, amount bigint, status text, at timestamp) on commit drop`,
  `create temp table pairs (line integer primary key, position bigint not null unique,
     how text not null) on commit drop`,
];
