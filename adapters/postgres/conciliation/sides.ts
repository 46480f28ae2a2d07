import { itemsTable, KEPT, rowsTable } from '#shared/conciliation/tables.ts';
import type { Wanted } from '#shared/conciliation/matching.ts';

// The two sides as SQL. Values are bound as :from, :to and :position; names are put in here.

export type Sides = {
  /** Of this statement, quoted. */
  readonly rows: string;
  readonly items: string;
  /** The view that keeps how our sales stood. */
  readonly sales: string;
};

export const sidesOf = ({ statementId }: Wanted, salesTable: string): Sides => ({
  rows: `${KEPT}.${rowsTable(statementId)}`,
  items: `${KEPT}.${itemsTable(statementId)}`,
  sales: salesTable,
});

/** How a sale stood last at the position, where it has changed since. */
const earlier = (place: number) =>
  `(select e ->> ${place} from json_array_elements(h.earlier) e
     where (e ->> 0)::bigint <= :position order by (e ->> 0)::bigint desc limit 1)`;

const asOf = (column: string, place: number, type: string) =>
  `case when h.position <= :position then h.${column} else ${earlier(place)}::${type} end`;

/** All sales that had been received at the position, as they stood there. */
export const salesAsOf = ({ sales }: Sides, where: string): string => `
  select h.sale_id, h.subject_id, h.sold_on, h.rule_set, h.received_position as position,
         h.sold_at at time zone 'America/Sao_Paulo' as clock, h.total, h.cashback,
         ${asOf('status', 1, 'text')} as status,
         nullif(${asOf('partner_id', 2, 'text')}, 'NaN') collate "C" as partner_id,
         ${asOf('attempts', 3, 'integer')} as attempts
    from ${sales} h
   where h.received_position <= :position and ${where}`;

export const IN_PERIOD = 'h.sold_on between :from and :to';
export const OUTSIDE = '(h.sold_on < :from or h.sold_on > :to)';

/** The columns of an item of one of our sales, from an alias of `salesAsOf`. */
export const ourColumns = (o: string, amount: string): string => `
  ${o}.sale_id, ${o}.partner_id as our_id, ${o}.subject_id as our_subject,
  case when ${o}.status = 'REFUSED' then 0 else ${o}.${amount} end as our_amount,
  ${o}.status as our_status, ${o}.sold_on as our_day, ${o}.attempts`;

/** The columns of an item of one of their rows. Whose document our sale has needs no other copy. */
export const theirColumns = (s: string, o: string): string => `
  ${s}.id as their_id, ${s}.subject as their_subject, ${s}.amount as their_amount,
  ${s}.at as their_at,
  case when ${s}.subject = ${o}.subject_id then null else ${s}.document end as document,
  null::uuid as sealed_for`;

export const ITEM_COLUMNS = [
  ...['line', 'position', 'category', 'reason', 'ours', 'theirs', 'sale_id', 'our_id'],
  ...['our_subject', 'our_amount', 'our_status', 'our_day', 'attempts', 'their_id'],
  ...['their_subject', 'their_amount', 'their_at', 'document', 'sealed_for'],
].join(', ');

/** Rows that say nothing count as rows, and as no money; then every item can be found. */
export const completed = ({ rows, items }: Sides): readonly string[] => [
  `insert into ${items} (line, position, category, reason, ours, theirs, their_amount)
   select line, 0, 'UNREADABLE', reason, false, true, 0 from ${rows} where reason is not null`,
  `alter table ${items} alter category set not null, add primary key (line, position)`,
];

/** Where what is still alone on either side waits to be paired by less than its own key. */
export const waiting: readonly string[] = [
  `create temp table theirs_left (line integer primary key, id text collate "C", subject uuid,
     amount bigint, at timestamp) on commit drop`,
  `create temp table ours_left (position bigint primary key, sale_id uuid, id text collate "C",
     subject uuid, amount bigint, status text, at timestamp) on commit drop`,
  `create temp table pairs (line integer primary key, position bigint not null unique,
     how text not null) on commit drop`,
];
