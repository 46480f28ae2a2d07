import type { Knex } from 'knex';
import { CATEGORIES, findingsOf, type Source } from '#shared/conciliation/categories.ts';
import type { CategorySums, SideSums } from '#shared/conciliation/commands.ts';
import { IN_PERIOD, salesAsOf, type Sides } from './sides.ts';

type Bound = Readonly<Record<string, string>>;
type Raw = Readonly<Record<string, string | null>>;

const rowsOf = async (tx: Knex, sql: string, bound: Bound = {}): Promise<readonly Raw[]> => {
  const { rows } = await tx.raw<{ readonly rows: readonly Raw[] }>(sql, bound);
  return rows;
};

const count = (row: Raw | undefined, name: string): number => Number(row?.[name] ?? 0);

/** Of all of the rows, exact where numbers would not be. */
const total = (rows: readonly Raw[], prefix: '' | 'our_' | 'their_' = ''): SideSums => {
  const sum = (name: string) =>
    rows.reduce((all, row) => all + BigInt(row[`${prefix}${name}`] ?? 0), 0n);
  const identity = String(sum('identity'));
  return { rows: Number(sum('rows')), amountInCents: Number(sum('amount')), identity };
};

/** What was read of each side, counted where it was read and not where it was put. */
export const readOf = async (tx: Knex, source: Source, sides: Sides, bound: Bound) => {
  const amount = source === 'erp' ? 'total' : 'cashback';
  const theirs = await rowsOf(
    tx,
    `select count(*)::text as rows, sum(amount)::text as amount, sum(line)::text as identity
       from ${sides.rows}`,
  );
  const ours = await rowsOf(
    tx,
    `select rule_set, count(*)::text as rows, sum(position)::text as identity,
            sum(case when status = 'REFUSED' then 0 else ${amount} end)::text as amount
       from (${salesAsOf(sides, IN_PERIOD)}) o group by rule_set order by rule_set collate "C"`,
    bound,
  );
  return {
    ruleSets: ours.map((row) => row['rule_set']).filter((one) => typeof one === 'string'),
    read: { theirs: total(theirs), ours: total(ours) },
  };
};

const CATEGORISED = `
  count(*) filter (where ours)::text as our_rows,
  count(*) filter (where theirs)::text as their_rows,
  sum(our_amount) filter (where ours)::text as our_amount,
  sum(their_amount) filter (where theirs)::text as their_amount`;

const categoriesOf = async (tx: Knex, source: Source, { items }: Sides) => {
  const rows = await rowsOf(
    tx,
    `select category, ${CATEGORISED},
            sum(line) filter (where theirs)::text as their_identity,
            sum(position) filter (where ours)::text as our_identity
       from ${items} group by category`,
  );
  const found = new Map(rows.map((row) => [row['category'], row]));
  const sums = CATEGORIES[source].map((name): CategorySums => {
    const row = found.get(name);
    return {
      name,
      ourRows: count(row, 'our_rows'),
      theirRows: count(row, 'their_rows'),
      oursInCents: count(row, 'our_amount'),
      theirsInCents: count(row, 'their_amount'),
    };
  });
  return {
    categories: sums,
    categorised: { ours: total(rows, 'our_'), theirs: total(rows, 'their_') },
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

/** What was put where, once all of it is there. */
export const categorised = async (tx: Knex, source: Source, sides: Sides) => ({
  ...(await categoriesOf(tx, source, sides)),
  oldestOpen: await oldestOpenOf(tx, source, sides),
});
