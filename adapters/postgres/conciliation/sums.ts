import type { Knex } from 'knex';
import { CATEGORIES, findingsOf, type Source } from '#shared/conciliation/categories.ts';
import type { CategorySums, Matched, SideSums } from '#shared/conciliation/commands.ts';
import { rowsOf, total } from './read.ts';
import type { Sides } from './sides.ts';

type Pairs = Matched['pairs'];

const CATEGORISED = `
  count(*) filter (where ours)::text as our_rows,
  count(*) filter (where theirs)::text as their_rows,
  sum(our_amount) filter (where ours)::text as our_amount,
  sum(their_amount) filter (where theirs)::text as their_amount,
  sum(line) filter (where theirs)::text as their_identity,
  sum(position) filter (where ours)::text as our_identity`;

const plus = (one: SideSums, other: SideSums): SideSums => ({
  rows: one.rows + other.rows,
  amountInCents: one.amountInCents + other.amountInCents,
  identity: String(BigInt(one.identity) + BigInt(other.identity)),
});

const categoriesOf = async (tx: Knex, source: Source, { items }: Sides, pairs: Pairs) => {
  const rows = await rowsOf(tx, `select category, ${CATEGORISED} from ${items} group by category`);
  const sums = CATEGORIES[source].map((name): CategorySums => {
    const found = rows.filter(({ category }) => category === name);
    const [ours, theirs] = [total(found, 'our_'), total(found, 'their_')];
    const [allOurs, allTheirs] =
      name === 'MATCHED' ? [plus(ours, pairs.ours), plus(theirs, pairs.theirs)] : [ours, theirs];
    return {
      name,
      ourRows: allOurs.rows,
      theirRows: allTheirs.rows,
      oursInCents: allOurs.amountInCents,
      theirsInCents: allTheirs.amountInCents,
    };
  });
  return {
    categories: sums,
    categorised: {
      ours: plus(total(rows, 'our_'), pairs.ours),
      theirs: plus(total(rows, 'their_'), pairs.theirs),
    },
  };
};

/** The earliest day of what somebody has to look at, on whichever side it is. */
const oldestOpenOf = async (tx: Knex, source: Source, { items }: Sides): Promise<string | null> => {
  const names = findingsOf(source).map((name) => `'${name}'`);
  const [oldest] = await rowsOf(
    tx,
    `select min(case when ours then our_day
                     else substring(their_at from '^\\d{4}-\\d{2}-\\d{2}') end) as day
       from ${items} where category in (${names.join(', ')})`,
  );
  return oldest?.['day'] ?? null;
};

/** What was put where, once all of it is there; pairs are put nowhere, and are matched. */
export const categorised = async (tx: Knex, source: Source, sides: Sides, pairs: Pairs) => ({
  ...(await categoriesOf(tx, source, sides, pairs)),
  oldestOpen: await oldestOpenOf(tx, source, sides),
});
