import { NO_LINE } from '#shared/conciliation/tables.ts';
import { joined, ofAnotherDay, pairUp, tooMany } from './pairing.ts';
import {
  completed,
  IN_PERIOD,
  ourColumns,
  OUTSIDE,
  salesAsOf,
  theirColumns,
  waiting,
  type Sides,
} from './sides.ts';

const TRIPLE = ['subject', 'at', 'amount'];
const SOLD = "status <> 'REFUSED'";

/** By document, time and total, where those stand once on either side. */
const byTriple = (sides: Sides): readonly string[] => [
  `create temp table repeated on commit drop as
     select subject, at::timestamp as at, amount from ${sides.rows}
      where reason is null group by 1, 2, 3 having count(*) > 1
     union
     select subject_id, clock, total from (${salesAsOf(sides, IN_PERIOD)}) o
      where ${SOLD} group by 1, 2, 3 having count(*) > 1`,
  `create table ${sides.items} as
   select coalesce(s.line, ${NO_LINE}) as line, coalesce(o.position, 0) as position,
          case when s.line is null then 'MISSING_AT_ERP'
               when o.position is null then 'MISSING_IN_LOG' else 'MATCHED' end as category,
          case when s.line is null then 'not-there'
               when o.position is null then 'not-here' else 'same-sale' end as reason,
          o.position is not null as ours, s.line is not null as theirs,
          ${ourColumns('o', 'total')}, ${theirColumns('s', 'o')}
     from (select r.*, r.at::timestamp as clock, case when p.subject is null then r.subject end as key
             from ${sides.rows} r
             left join repeated p
               on p.subject = r.subject and p.at = r.at::timestamp and p.amount = r.amount
            where r.reason is null) s
     full join (select a.*, case when p.subject is null then a.subject_id end as key
                  from (${salesAsOf(sides, IN_PERIOD)}) a
                  left join repeated p
                    on p.subject = a.subject_id and p.at = a.clock and p.amount = a.total
                 where a.status <> 'REFUSED') o
       on s.key = o.key and s.clock = o.clock and s.amount = o.total`,
  `insert into ${sides.items} (line, position, category, reason, ours, theirs, sale_id, our_subject,
                               our_amount, our_status, our_day, attempts)
   select ${NO_LINE}, position, 'REFUSED', 'refused', true, false, sale_id, subject_id,
          0, status, sold_on, attempts
     from (${salesAsOf(sides, IN_PERIOD)}) o where status = 'REFUSED'`,
];

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
    from (${salesAsOf(sides, IN_PERIOD)}) o
   where status = 'REFUSED' and total is not null and clock is not null`;

const outside = (sides: Sides): string => {
  const theirs = `${OUTSIDE} and h.subject_id in (select subject from theirs_left)`;
  return `
    select t.line, h.*
      from (select *, row_number() over (partition by subject, at, amount order by line) as nth
              from theirs_left) t
      join (select a.*, row_number() over (partition by subject_id, clock, total order by position)
                        as nth
              from (${salesAsOf(sides, theirs)}) a) h
        on h.subject_id = t.subject and h.clock = t.at and h.total = t.amount and h.nth = t.nth`;
};

/** Rows that are the same as one that has found its sale. */
const again = ({ items }: Sides, found: string): string => `
  select l.line from theirs_left l where (subject, at, amount) in (
    select i.their_subject, i.their_at::timestamp, i.their_amount from ${items} i where ${found})`;
const PAIRED = 'i.line in (select line from pairs)';
const OF_ANOTHER_DAY = "i.category = 'OUTSIDE_PERIOD'";

/** What an ERP says that it sold against what it sent us: a sale is its document, time and total. */
export const erpSteps = (sides: Sides): readonly string[] => [
  ...byTriple(sides),
  ...completed(sides),
  ...alone(sides),
  pairUp({ on: TRIPLE, how: 'same-sale' }),
  tooMany(sides, 'DUPLICATE_AT_ERP', 'sale-again', again(sides, PAIRED)),
  refused(sides),
  pairUp({ on: TRIPLE, how: 'refused-here', ours: "status = 'REFUSED'" }),
  ofAnotherDay(sides, outside(sides)),
  tooMany(sides, 'DUPLICATE_AT_ERP', 'sale-again', again(sides, OF_ANOTHER_DAY)),
  ...joined(sides, `case when o.our_status = 'REFUSED' then 'REFUSED' else 'MATCHED' end`),
];
