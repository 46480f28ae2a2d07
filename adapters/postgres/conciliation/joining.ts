import { NO_LINE } from '#shared/conciliation/tables.ts';
import { detailed, findable, IN_PERIOD, ourAmount, salesAsOf, type Sides } from './sides.ts';

// One full join of both sides, by what names a row and a sale. It is the one step that touches all
// of them, so it makes no more of a pair than a reference to either side.

export type Joining = {
  /** What of a sale is set against the amount of a row. */
  readonly amount: 'cashback' | 'total';
  /** Of all rows, what names their sale. `null` where it waits for the next steps. */
  readonly their: string;
  /** Which of our sales take part. */
  readonly ours: string;
  /** Rows, as `s`, and sales, as `o`, that are the same. */
  readonly on: string;
  /** The columns of a row in which those that name one sale agree. */
  readonly same: string;
  /** The category of a pair, and of a sale that is alone; and why that is in it. */
  readonly pair: string;
  readonly alone: string;
  readonly reasons: { readonly pair: string; readonly alone: string };
};

const UNSAID = `
  null::text as our_id, null::uuid as our_subject, null::text as our_status,
  null::text as our_day, null::integer as attempts, null::text as document,
  null::uuid as sealed_for`;

const everything = (sides: Sides, how: Joining): string => `
  create table ${sides.items} as
  select coalesce(s.line, ${NO_LINE}) as line, coalesce(o.position, 0) as position,
         case when s.line is null then ${how.alone}
              when o.position is not null then ${how.pair}
              when s.reason is null then 'MISSING_IN_LOG' else 'UNREADABLE' end as category,
         case when s.line is null then ${how.reasons.alone}
              when o.position is not null then '${how.reasons.pair}'
              else coalesce(s.reason, 'not-here') end as reason,
         o.position is not null as ours, s.line is not null as theirs, o.sale_id,
         ${ourAmount('o', how.amount)} as our_amount, s.id as their_id,
         case when s.subject <> o.subject_id or o.position is null then s.subject end
           as their_subject,
         s.amount as their_amount, s.at as their_at, ${UNSAID}
    from (select line, reason, id, subject, amount, at, ${how.their} from ${sides.rows}) s
    full join (select * from (${salesAsOf(sides, IN_PERIOD)}) a where ${how.ours}) o
      on ${how.on}`;

/**
 * Rows whose sale is not theirs alone: another row names it too, or they name several. Of rows that
 * name one sale all but the first took no part, so that there are never more pairs than sales.
 */
const several = ({ rows, items }: Sides, same: string): string => `
  create temp table several on commit drop as
  select line from ${rows}
   where not again and (${same}) in (select ${same} from ${rows} where again)
  union
  select line from ${items}
   where line <> ${NO_LINE}
     and (select count(*) from ${items} where line <> ${NO_LINE})
      <> :rows::bigint
   group by line having count(*) > 1`;

/** Their pairs come apart again: they are looked at together with the others of their kind. */
const apart = (sides: Sides, how: Joining): readonly string[] => [
  `with gone as (delete from ${sides.items} i using several s where i.line = s.line
                 returning i.sale_id)
   insert into ${sides.items} (line, position, category, reason, ours, theirs, sale_id, our_amount)
   select ${NO_LINE}, o.position, ${how.alone}, ${how.reasons.alone}, true, false, o.sale_id,
          ${ourAmount('o', how.amount)}
     from gone g join (${salesAsOf(sides, 'true')}) o on o.sale_id = g.sale_id`,
  `insert into ${sides.items} (line, position, category, reason, ours, theirs, their_id,
                               their_subject, their_amount, their_at)
   select r.line, 0, 'MISSING_IN_LOG', 'not-here', false, true, r.id, r.subject, r.amount, r.at
     from ${sides.rows} r join several s on s.line = r.line`,
];

export const joinedAll = (sides: Sides, how: Joining): readonly string[] => [
  everything(sides, how),
  ...findable(sides),
  several(sides, how.same),
  'analyze several',
  ...apart(sides, how),
  detailed(sides),
];
