import { PAIRS } from '#shared/conciliation/pairs.ts';
import { NO_LINE } from '#shared/conciliation/tables.ts';
import type { Joining } from './joining.ts';
import type { Matcher } from './matcher.ts';
import { joined, ofAnotherDay, pairUp, tooMany } from './pairing.ts';
import { NOT_MATCHED, OUTSIDE, oursAsOf, waiting, type Sides } from './sides.ts';

/** A pair that agrees in its id, or in nothing less than document and amount. */
const pairCategory = (ours: string, theirs: string, amounts: string): string => `
  case when ${theirs} <> ${ours} then 'DOCUMENT_MISMATCH'
       when ${amounts} then 'AMOUNT_MISMATCH' else 'MATCHED' end`;

const ALONE = `
  case o.status when 'ACCEPTED' then 'MISSING_AT_PARTNER' when 'UNCERTAIN' then 'UNCONFIRMED'
                when 'REFUSED' then 'REFUSED' else 'PENDING' end`;

const BY_ID: Joining = {
  pairs: PAIRS['cashback-api'],
  theirName: ['id'],
  ourName: ['partner_id'],
  ours: 'true',
  on: 's.key = o.partner_id',
  same: pairCategory('o.subject_id', 's.subject', 'o.cashback <> s.amount'),
  alone: ALONE,
  whyAlone: 'lower(o.status)',
};

const alone = ({ items }: Sides): readonly string[] => [
  ...waiting,
  `insert into theirs_left (line, id, subject, amount)
   select line, their_id, their_subject, their_amount from ${items}
    where category = 'MISSING_IN_LOG'`,
  `insert into ours_left (position, sale_id, id, subject, amount, status)
   select position, sale_id, our_id, our_subject, our_amount, our_status from ${items}
    where category in ('MISSING_AT_PARTNER', 'UNCONFIRMED', 'PENDING')`,
  'analyze theirs_left, ours_left',
];

const ID = 'id is not null';
const HELD = "status in ('ACCEPTED', 'UNCERTAIN')";
const PAIR = ['subject', 'amount'];

const outsideById = (sides: Sides): string => `
  select distinct on (t.line) t.line, h.* from theirs_left t
    join (${oursAsOf(sides, OUTSIDE)}) h on h.partner_id = t.id
   order by t.line, h.position`;

const outsideByPair = (sides: Sides): string => {
  const theirs = `${OUTSIDE} and h.subject_id in (select subject from theirs_left)`;
  return `
    select t.line, h.*
      from (select *, row_number() over (partition by subject, amount order by line) as nth
              from theirs_left) t
      join (select a.*, row_number() over (partition by subject_id, cashback order by position)
                        as nth
              from (${oursAsOf(sides, theirs)}) a where partner_id is null and ${HELD}) h
        on h.subject_id = t.subject and h.cashback = t.amount and h.nth = t.nth`;
};

const ID_AGAIN = (sides: Sides): string => `
  select line from (select line, id, row_number() over (partition by id order by line) as nth
                      from theirs_left where ${ID}) r
   where nth > 1
      or id in (select i.their_id from pairs p
                  join ${sides.items} i on i.line = p.line and ${NOT_MATCHED})`;

const PAIR_AGAIN = (sides: Sides): string => `
  select line from theirs_left where id is null and (subject, amount) in (
    select i.their_subject, i.their_amount from pairs p
      join ${sides.items} i on i.line = p.line and ${NOT_MATCHED} where p.how = 'same-pair')`;

/** They have what we have not got through with: neither is done with, and both say so. */
const stillOpen = ({ items }: Sides): string => `
  with t as (select line, subject, amount,
                    row_number() over (partition by subject, amount order by line) as nth
               from theirs_left),
       o as (select position, sale_id, status, subject, amount,
                    row_number() over (partition by subject, amount order by position) as nth
               from ours_left where status in ('CALCULATED', 'FAILED')),
       f as (select t.line, o.* from t join o using (subject, amount, nth)),
       theirs as (update ${items} i set reason = 'open-here', sale_id = f.sale_id,
                         our_status = f.status
                    from f where i.line = f.line and i.position = 0 and ${NOT_MATCHED})
  update ${items} i set reason = 'open-there'
    from f where i.line = ${NO_LINE} and i.position = f.position and ${NOT_MATCHED}`;

const steps = (sides: Sides): readonly string[] => [
  ...alone(sides),
  pairUp({ on: ['id', ...PAIR], how: 'same-id', theirs: ID, ours: ID }),
  pairUp({ on: ['id', 'subject'], how: 'same-id', theirs: ID, ours: ID }),
  pairUp({ on: ['id'], how: 'same-id', theirs: ID, ours: ID }),
  tooMany(sides, 'DUPLICATE_AT_PARTNER', 'id-again', ID_AGAIN(sides)),
  ofAnotherDay(sides, outsideById(sides)),
  pairUp({
    on: PAIR,
    how: 'same-pair',
    ours: `id is null and ${HELD}`,
    theirOrder: '(id is null) desc, line',
    ourOrder: "(status = 'ACCEPTED') desc, position",
  }),
  pairUp({ on: PAIR, how: 'same-pair', theirs: 'id is null', ours: HELD }),
  tooMany(sides, 'DUPLICATE_AT_PARTNER', 'pair-again', PAIR_AGAIN(sides)),
  ofAnotherDay(sides, outsideByPair(sides)),
  stillOpen(sides),
  ...joined(
    sides,
    `case when o.our_status = 'UNCERTAIN' then 'CONFIRMS_UNCERTAIN' else ${pairCategory('o.our_subject', 't.their_subject', 'o.our_amount <> t.their_amount')} end`,
  ),
];

/**
 * What a partner has credited against what we hold. In this order: by id; by id where several have
 * it; ids too many; ids of other days; then document and amount where an id is missing.
 */
export const cashbackApi: Matcher = { how: BY_ID, steps };
