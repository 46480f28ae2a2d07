import type { Knex } from 'knex';
import { isEven } from '#shared/conciliation/balance.ts';
import { several, severalOfOurs, unpaired, type Joining } from './joining.ts';
import { readOf, type Bound, type Read } from './read.ts';
import type { Sides } from './sides.ts';

/** How the books of one source are set against ours. */
export type Matcher = {
  readonly how: Joining;
  /** What is done about all that is no pair. */
  readonly steps: (sides: Sides) => readonly string[];
};

/** How many rows a statement finds, or puts where it puts them. */
const made = async (tx: Knex, sql: string, bound: Bound = {}): Promise<number> =>
  (await tx.raw<{ readonly rowCount: number }>(sql, bound)).rowCount;

/** Whether no row came out of the join more than once, among what is no pair. */
const isEachOnce = async (tx: Knex, { items }: Sides): Promise<boolean> => {
  const sql = `select 1 from ${items} where theirs group by line having count(*) > 1 limit 1`;
  return (await made(tx, sql)) === 0;
};

/**
 * Joins the two sides, and counts each. That several of our sales have one name shows in what comes
 * of it: a row that found several, or more of ours among the pairs than of theirs. It is so rare
 * that they are looked for only where that happens, and the join is done again without them.
 */
export const pairedOff = async (
  tx: Knex,
  { how }: Matcher,
  sides: Sides,
  bound: Bound,
): Promise<Read> => {
  const joined = async (isAnyApart: boolean): Promise<Read> => {
    for (const step of unpaired(sides, how, isAnyApart)) await tx.raw(step, bound);
    return readOf(tx, how.pairs, sides, bound);
  };
  const isAnyApart = (await made(tx, several(sides, how))) > 0;
  const read = await joined(isAnyApart);
  if (isEven(read) && (await isEachOnce(tx, sides))) return read;
  const more = await made(tx, severalOfOurs(sides, how), bound);
  return more > 0 ? joined(true) : read;
};
