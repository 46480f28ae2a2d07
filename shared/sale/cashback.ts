import { percentOf, timesInCents } from '#shared/kernel/money.ts';
import { percentFor, type RuleSet } from './rule-sets.ts';

/** What was sold: a product's type, its unit price in cents, and how many. */
export type Line = readonly [type: string, valueInCents: number, qty: number];

/** What it gives: amount x percent / 100, rounded half up to the cent. */
export type LineCashback = readonly [
  amountInCents: number,
  percent: string,
  cashbackInCents: number,
];

export type Calculation = {
  /** The version of the rule set. */
  readonly ruleSet: string;
  readonly lines: readonly LineCashback[];
  readonly cashbackInCents: number;
};

const onLine = ([type, value, qty]: Line, ruleSet: RuleSet): LineCashback | undefined => {
  const percent = percentFor(ruleSet, type);
  const amount = timesInCents(value, qty);
  if (percent === undefined || amount === undefined) return undefined;
  return [amount, percent, percentOf(amount, percent)];
};

/** Line by line; nothing when the rule set does not know a type, or an amount is beyond counting. */
export const cashbackOn = (lines: readonly Line[], ruleSet: RuleSet): Calculation | undefined => {
  const calculated: LineCashback[] = [];
  let cashbackInCents = 0;
  for (const line of lines) {
    const one = onLine(line, ruleSet);
    if (!one) return undefined;
    calculated.push(one);
    cashbackInCents += one[2];
  }
  return { ruleSet: ruleSet.version, lines: calculated, cashbackInCents };
};
