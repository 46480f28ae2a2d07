import { IN_PERIOD } from '#shared/conciliation/as-of.ts';
import type { Pairs } from '#shared/conciliation/pairs.ts';
import { NO_LINE } from '#shared/conciliation/tables.ts';
import { ITEM_COLUMNS, ourAmount, oursAsOf, type Sides } from './sides.ts';

// One full join of both sides, by what names a row and a sale. Whatever comes out of it as a pair
// is left out: the items are what somebody has to look at, or what the next steps still have to.

export type Joining = {
  readonly pairs: Pairs;
  /** The columns of a row that name its sale, the first of which is its key; those of a sale. */
  readonly theirName: readonly [string, ...string[]];
  readonly ourName: readonly [string, ...string[]];
  /** Which of our sales take part. */
  readonly ours: string;
  /** Rows, as `s` with their `key`, and sales, as `o`, that are the same. */
  readonly on: string;
  /** The category of two that are the same; that of a sale that is alone, and why it is in it. */
  readonly same: string;
  readonly alone: string;
  readonly whyAlone: string;
  /** What takes no part in the join, and is put among the items by itself. */
  readonly besides?: (sides: Sides) => string;
};

/**
 * Rows whose sale is not theirs alone: they are looked at together with the others of their kind,
 * in the steps after the join. Where an upload has seen a name before, it may be there again.
 */
export const several = ({ rows }: Sides, { theirName }: Joining): string => {
  const name = theirName.join(', ');
  return `
    create temp table several on commit drop as
    select line from (select line, count(*) over (partition by ${name}) as times from ${rows}
                       where (${name}) in (select ${name} from ${rows} where again)) r
     where times > 1`;
};

const theirs = ({ rows }: Sides, { theirName: [key] }: Joining, isAnyApart: boolean): string => `
  select r.line, r.reason, r.id, r.subject, r.amount, r.at,
         ${isAnyApart ? `case when v.line is null then r.${key} end` : `r.${key}`} as key
    from ${rows} r ${isAnyApart ? 'left join several v on v.line = r.line' : ''}`;

const ours = (sides: Sides, { ours: which }: Joining): string =>
  `select * from (${oursAsOf(sides, IN_PERIOD)}) a where ${which}`;

/** Rows, too, that name several of our sales. */
export const severalOfOurs = (sides: Sides, how: Joining): string => {
  const name = how.ourName.join(', ');
  return `
    insert into several
    select s.line from (${theirs(sides, how, true)}) s
      join (select ${name} from (${ours(sides, how)}) a group by ${name} having count(*) > 1) o
        on ${how.on}`;
};

/** All but pairs. Those whose sale is not theirs alone are alone, and so are all that they name. */
export const unpaired = (sides: Sides, how: Joining, isAnyApart: boolean): readonly string[] => [
  `drop table if exists ${sides.items}`,
  `create table ${sides.items} as
   select ${ITEM_COLUMNS} from (
     select coalesce(s.line, ${NO_LINE}) as line, coalesce(o.position, 0) as position,
            case when s.line is null then ${how.alone}
                 when o.position is not null then ${how.same}
                 when s.reason is null then 'MISSING_IN_LOG' else 'UNREADABLE' end as category,
            case when s.line is null then ${how.whyAlone}
                 when o.position is not null then '${how.pairs.reason}'
                 else coalesce(s.reason, 'not-here') end as reason,
            o.position is not null as ours, s.line is not null as theirs, o.sale_id,
            o.partner_id as our_id, o.subject_id as our_subject,
            ${ourAmount('o', how.pairs.amount)} as our_amount, o.status as our_status,
            o.sold_on as our_day, o.attempts, s.id as their_id, s.subject as their_subject,
            s.amount as their_amount, s.at as their_at, null::text as document,
            null::uuid as sealed_for
       from (${theirs(sides, how, isAnyApart)}) s
       full join (${ours(sides, how)}) o on ${how.on}) i
    where category <> 'MATCHED'`,
  ...(how.besides ? [how.besides(sides)] : []),
  `create index on ${sides.items} (line, position) where category <> 'MATCHED'`,
  `analyze ${sides.items}`,
];
