import { ATTEMPTS_AS_OF, PARTNER_ID_AS_OF, STATUS_AS_OF } from '#shared/conciliation/as-of.ts';
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

/** All sales that had been received at the position, as they stood there. */
export const salesAsOf = ({ sales }: Sides, where: string): string => `
  select h.sale_id, h.subject_id, h.sold_on, h.rule_set, h.received_position as position,
         h.sold_at at time zone 'America/Sao_Paulo' as clock, h.total, h.cashback,
         ${STATUS_AS_OF} as status, ${PARTNER_ID_AS_OF} as partner_id,
         ${ATTEMPTS_AS_OF} as attempts
    from ${sales} h
   where h.received_position <= :position and ${where}`;

export const IN_PERIOD = 'h.sold_on between :from and :to';
export const OUTSIDE = '(h.sold_on < :from or h.sold_on > :to)';

/** What our side of an item comes to, from an alias of `salesAsOf`. */
export const ourAmount = (o: string, amount: string): string =>
  `case when ${o}.status = 'REFUSED' then 0 else ${o}.${amount} end`;

/** Of items as `i`: these alone are in an index while pairs are looked for. */
export const NOT_MATCHED = "i.category <> 'MATCHED'";

export const ITEM_COLUMNS = [
  ...['line', 'position', 'category', 'reason', 'ours', 'theirs', 'sale_id', 'our_id'],
  ...['our_subject', 'our_amount', 'our_status', 'our_day', 'attempts', 'their_id'],
  ...['their_subject', 'their_amount', 'their_at', 'document', 'sealed_for'],
].join(', ');

/** What is more than a reference to our sale, for all that somebody may have to look at. */
export const detailed = (sides: Sides): string => `
  update ${sides.items} i
     set our_id = o.partner_id, our_subject = o.subject_id, our_status = o.status,
         our_day = o.sold_on, attempts = o.attempts,
         their_subject = coalesce(i.their_subject, case when i.theirs then o.subject_id end)
    from (${salesAsOf(sides, 'true')}) o
   where i.ours and ${NOT_MATCHED} and o.sale_id = i.sale_id`;

/** All but the matched, which are nearly all. */
export const findable = ({ items }: Sides): readonly string[] => [
  `create index on ${items} (line, position) where category <> 'MATCHED'`,
  `analyze ${items} (category)`,
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
