import type { Static } from 'typebox';
import { Month } from '#shared/kernel/calendar.ts';
import { LARGEST_AMOUNT_IN_CENTS, percentOf, sumInCents } from '#shared/kernel/money.ts';
import { closed, reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

/** Which percentage a month's sum leads to, from a month on; as data, so that it can be tried out. */
export type BandRules = Static<typeof BandRules>;
const BandRules = closed({
  version: Type.String({ minLength: 1, maxLength: 32 }),
  /** The first month that falls under them. */
  from: Month,
  /** By what they reach to, smallest first; above all of them it is `above`. */
  bands: Type.Array(
    closed({
      upToInCents: Type.Integer({ minimum: 0, maximum: LARGEST_AMOUNT_IN_CENTS }),
      percent: Type.String({ pattern: '^(100|(0|[1-9]\\d?)(\\.\\d{1,4})?)$' }),
    }),
    { maxItems: 100 },
  ),
  above: Type.String({ pattern: '^(100|(0|[1-9]\\d?)(\\.\\d{1,4})?)$' }),
});

/** @throws {Unreadable} */
export const readBandRules = reader(Type.Array(BandRules, { minItems: 1, maxItems: 1_000 }));

/**
 * Those that hold. A change is another one with a later month; what is here is never changed, so
 * that a past month is always explained by the rules of its time.
 */
export const BAND_RULES: readonly BandRules[] = readBandRules([
  {
    version: '1',
    from: '0000-01',
    bands: [
      { upToInCents: 1_000_00, percent: '10' },
      { upToInCents: 1_500_00, percent: '15' },
    ],
    above: '20',
  },
]);

/** The rules of a month. @throws when there were none yet: the first ones have to reach far back. */
export const bandRulesOf = (month: Month, all: readonly BandRules[] = BAND_RULES): BandRules => {
  const latest = all
    .filter(({ from }) => from <= month)
    .reduce<BandRules | undefined>(
      (found, one) => (found && found.from > one.from ? found : one),
      undefined,
    );
  if (!latest) throw new Error(`No rules say what a purchase of ${month} gives`);
  return latest;
};

/** The percentage of every purchase of a month with this sum. */
export const bandPercent = ({ bands, above }: BandRules, sum: number): string =>
  bands.find(({ upToInCents }) => sum <= upToInCents)?.percent ?? above;

/** All percentages that these rules can lead to, each once. */
export const percentsOf = ({ bands, above }: BandRules): readonly string[] => [
  ...new Set([...bands.map(({ percent }) => percent), above]),
];

export type Counted = { readonly amountInCents: number };

/** What a month comes to. */
export type MonthTotal = {
  readonly purchasedInCents: number;
  readonly percent: string;
  readonly cashbackInCents: number;
};

const exactly = (sum: number | undefined): number => {
  if (sum === undefined)
    throw new RangeError('A month has more in it than can be told to the cent');
  return sum;
};

/** A month added up from nothing: the band by the sum, the cashback rounded purchase by purchase. */
export const monthTotal = (rules: BandRules, purchases: readonly Counted[]): MonthTotal => {
  const amounts = purchases.map(({ amountInCents }) => amountInCents);
  const purchasedInCents = exactly(sumInCents(amounts));
  const percent = bandPercent(rules, purchasedInCents);
  const cashback = exactly(sumInCents(amounts.map((amount) => percentOf(amount, percent))));
  return { purchasedInCents, percent, cashbackInCents: cashback };
};
