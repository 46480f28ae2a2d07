import { NO_LINE } from '#shared/conciliation/tables.ts';
import { ITEM_COLUMNS, NOT_MATCHED, type Sides } from './sides.ts';

// Pairing what is alone on both sides, as sets: the nth of them with the nth of us, each used once.

type Pairing = {
  /** The columns in which both have to agree. */
  readonly on: readonly string[];
  readonly how: string;
  /** Which of them take part; all of them if nothing is said. */
  readonly theirs?: string;
  readonly ours?: string;
  /** In which order they are used. */
  readonly theirOrder?: string;
  readonly ourOrder?: string;
};

const numbered = (from: string, key: string, on: string, where: string, order: string) => `
  select ${key}, ${on}, row_number() over (partition by ${on} order by ${order}) as nth
    from ${from} where ${where}`;

export const pairUp = ({
  on,
  how,
  theirs = 'true',
  ours = 'true',
  theirOrder = 'line',
  ourOrder = 'position',
}: Pairing): string => {
  const columns = on.join(', ');
  return `
    with t as (${numbered('theirs_left', 'line', columns, theirs, theirOrder)}),
         o as (${numbered('ours_left', 'position', columns, ours, ourOrder)}),
         p as (insert into pairs (line, position, how)
               select t.line, o.position, '${how}' from t join o using (${columns}, nth)
               returning line, position),
         gone as (delete from theirs_left using p where theirs_left.line = p.line)
    delete from ours_left using p where ours_left.position = p.position`;
};

/** Rows that `which` names (a query for lines) are one too many of what they are. */
export const tooMany = ({ items }: Sides, category: string, reason: string, which: string) => `
  with again as (delete from theirs_left where line in (${which}) returning line)
  update ${items} i set category = '${category}', reason = '${reason}'
    from again where i.line = again.line and i.position = 0 and ${NOT_MATCHED}`;

/** Rows that `found` finds a sale of ours for, of a day that nobody asked about. */
export const ofAnotherDay = ({ items }: Sides, found: string): string => `
  with found as (${found}),
       gone as (delete from theirs_left using found where theirs_left.line = found.line)
  update ${items} i
     set category = 'OUTSIDE_PERIOD', reason = 'other-day', sale_id = f.sale_id,
         our_id = f.partner_id, our_status = f.status, our_day = f.sold_on, attempts = f.attempts
    from found f where i.line = f.line and i.position = 0 and ${NOT_MATCHED}`;

const placed = (i: string, line: string, position: string) =>
  `${i}.line = ${line} and ${i}.position = ${position} and ${i}.category <> 'MATCHED'`;

/** What was paired becomes one item, in the place of two. `category` is made of `t` and `o`. */
export const joined = ({ items }: Sides, category: string): readonly string[] => [
  'analyze pairs',
  `insert into ${items} (${ITEM_COLUMNS})
   select t.line, o.position, ${category}, p.how, true, true, o.sale_id, o.our_id,
          o.our_subject, o.our_amount, o.our_status, o.our_day, o.attempts, t.their_id,
          t.their_subject, t.their_amount, t.their_at, null, null
     from pairs p
     join ${items} t on ${placed('t', 'p.line', '0')}
     join ${items} o on ${placed('o', String(NO_LINE), 'p.position')}`,
  `delete from ${items} i using pairs p where ${placed('i', 'p.line', '0')}`,
  `delete from ${items} i using pairs p where ${placed('i', String(NO_LINE), 'p.position')}`,
];
