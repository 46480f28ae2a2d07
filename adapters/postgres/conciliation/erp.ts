import { IN_PERIOD } from '#shared/conciliation/as-of.ts';
import { PAIRS } from '#shared/conciliation/pairs.ts';
import { NO_LINE } from '#shared/conciliation/tables.ts';
import type { Joining } from './joining.ts';
import type { Matcher } from './matcher.ts';
import { joined, ofAnotherDay, pairUp, tooMany } from './pairing.ts';
import { NOT_MATCHED, OUTSIDE, oursAsOf, waiting, type Sides } from './sides.ts';

const TRIPLE = ['subject', 'at', 'amount'];
const refusedAlone = (sides: Sides): string => `
  insert into ${sides.items} (line, position, category, reason, ours, theirs, sale_id, our_id,
                              our_subject, our_amount, our_status, our_day, attempts)
  select ${NO_LINE}, position, 'REFUSED', 'refused', true, false, sale_id, partner_id, subject_id,
         0, status, sold_on, attempts
    from (${oursAsOf(sides, IN_PERIOD)}) o where status = 'REFUSED'`;

/** Those that we took. */
const BY_TRIPLE: Joining = {
  pairs: PAIRS.erp,
  theirName: ['subject', 'at', 'amount'],
  ourName: ['subject_id', 'clock', 'total'],
  ours: "a.status <> 'REFUSED'",
  on: 's.key = o.subject_id and s.at::timestamp = o.clock and s.amount = o.total',
  same: "'MATCHED'",
  alone: "'MISSING_AT_ERP'",
  whyAlone: "'not-there'",
  besides: refusedAlone,
};

const alone = (sides: Sides): readonly string[] => [
  ...waiting,
  `insert into theirs_left (line, subject, amount, at)
   select line, their_subject, their_amount, their_at::timestamp from ${sides.items}
    where category = 'MISSING_IN_LOG'`,
  `insert into ours_left (position, sale_id, subject, amount, status, at)
   select i.position, i.sale_id, i.our_subject, i.our_amount, i.our_status,
          h.sold_at at time zone 'America/Sao_Paulo'
     from ${sides.items} i join ${sides.sales} h on h.sale_id = i.sale_id
    where i.category = 'MISSING_AT_ERP'`,
  'analyze theirs_left, ours_left',
];

/** Those that we refused, as far as they could be understood. */
const refused = (sides: Sides): string => `
  insert into ours_left (position, sale_id, subject, amount, status, at)
  select position, sale_id, subject_id, total, status, clock
    from (${oursAsOf(sides, IN_PERIOD)}) o
   where status = 'REFUSED' and total is not null and clock is not null`;

const outside = (sides: Sides): string => {
  const theirs = `${OUTSIDE} and h.subject_id in (select subject from theirs_left)`;
  return `
    select t.line, h.*
      from (select *, row_number() over (partition by subject, at, amount order by line) as nth
              from theirs_left) t
      join (select a.*, row_number() over (partition by subject_id, clock, total order by position)
                        as nth
              from (${oursAsOf(sides, theirs)}) a) h
        on h.subject_id = t.subject and h.clock = t.at and h.total = t.amount and h.nth = t.nth`;
};

/** Rows that are the same as one that has found its sale. */
const again = ({ items }: Sides, found: string): string => `
  select l.line from theirs_left l where (subject, at, amount) in (
    select i.their_subject, i.their_at::timestamp, i.their_amount from ${items} i where ${found} and ${NOT_MATCHED})`;
const PAIRED = 'i.line in (select line from pairs)';
const OF_ANOTHER_DAY = "i.category = 'OUTSIDE_PERIOD'";

const steps = (sides: Sides): readonly string[] => [
  ...alone(sides),
  pairUp({ on: TRIPLE, how: 'same-sale' }),
  tooMany(sides, 'DUPLICATE_AT_ERP', 'sale-again', again(sides, PAIRED)),
  refused(sides),
  pairUp({ on: TRIPLE, how: 'refused-here', ours: "status = 'REFUSED'" }),
  ofAnotherDay(sides, outside(sides)),
  tooMany(sides, 'DUPLICATE_AT_ERP', 'sale-again', again(sides, OF_ANOTHER_DAY)),
  ...joined(sides, `case when o.our_status = 'REFUSED' then 'REFUSED' else 'MATCHED' end`),
];

/** What an ERP says that it sold against what it sent us: a sale is its document, time and total. */
export const erp: Matcher = { how: BY_TRIPLE, steps };
