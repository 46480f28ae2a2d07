import type { Cpf } from '#shared/kernel/cpf.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { sumInCents, timesInCents } from '#shared/kernel/money.ts';
import { reader, Unreadable, type Flaw } from '#shared/kernel/schema.ts';
import { cashbackOn, type Calculation, type Line } from './cashback.ts';
import { ErpSale } from './commands.ts';
import {
  documentIn,
  fieldsOf,
  linesIn,
  priceAt,
  whenIn,
  wrong,
  type Judged,
  type When,
} from './judging.ts';
import { dayOf, type Day } from './local-time.ts';
import { ruleSetOn, type RuleSet } from './rule-sets.ts';

/** An event store takes a mebibyte in one append; the rest of it is for who, when and why. */
const LARGEST_RECORD = 900_000;

/** A sale that is as it should be, and what it gives. */
export type SoundSale = {
  readonly document: Cpf;
  readonly name: string;
  readonly soldAt: Instant;
  readonly soldOn: Day;
  readonly totalInCents: number;
  readonly lines: readonly Line[];
  readonly calculation: Calculation;
};

/** What is good of a sale that is not: enough to find it again by. */
export type Understood = Partial<
  Pick<SoundSale, 'document' | 'soldAt' | 'soldOn' | 'totalInCents'>
>;

export type Assessment =
  | { readonly outcome: 'sound'; readonly sale: SoundSale }
  | {
      readonly outcome: 'refused';
      readonly errors: readonly Flaw[];
      readonly understood: Understood;
    };

const readSale = reader(ErpSale);

const flawsOfForm = (json: unknown): readonly Flaw[] => {
  try {
    readSale(json);
    return [];
  } catch (error) {
    if (error instanceof Unreadable) return error.flaws;
    throw error;
  }
};

const totalOf = (lines: readonly Line[]): number | undefined => {
  const amounts = lines.map(([, value, qty]) => timesInCents(value, qty));
  return amounts.every((amount) => amount !== undefined) ? sumInCents(amounts) : undefined;
};

const isRecordable = (lines: readonly Line[], { lines: calculated }: Calculation) =>
  JSON.stringify([lines, calculated]).length <= LARGEST_RECORD;

const mismatch = (lines: Judged<readonly Line[]>, total: Judged<number>): readonly Flaw[] => {
  if (!lines.value?.length || total.value === undefined) return [];
  if (totalOf(lines.value) === total.value) return [];
  return [wrong('/total', 'total-mismatch', 'is not the sum of value x qty')];
};

/** A sale may be older than all of our rules. */
const ruleSetFor = ({ value: when }: Judged<When>, now: Instant, ruleSets: readonly RuleSet[]) => {
  const value = ruleSetOn(ruleSets, when?.soldOn ?? dayOf(now));
  const flaws = value ? [] : [wrong('/sold_at', 'no-rule-set', 'is before any rule set began')];
  return { value, flaws };
};

type Parts = {
  readonly document: Judged<Cpf>;
  readonly when: Judged<When>;
  readonly total: Judged<number>;
};

const understoodIn = ({ document, when, total }: Parts): Understood => ({
  ...(document.value !== undefined && { document: document.value }),
  ...(when.value && when.value),
  ...(total.value !== undefined && { totalInCents: total.value }),
});

type Sound = Omit<SoundSale, 'calculation' | 'soldAt' | 'soldOn'>;

const calculated = (sound: Sound, when: When, ruleSet: RuleSet): SoundSale | Flaw => {
  const calculation = cashbackOn(sound.lines, ruleSet);
  if (!calculation || !isRecordable(sound.lines, calculation))
    return wrong('/products', 'too-large', 'is more than can be kept as one sale');
  return { ...sound, ...when, calculation };
};

/**
 * Whether what an ERP sent is a sale, with all that is wrong with it at once, and what it gives.
 * `unstorable` are flaws that were found before: nothing else is looked at then.
 */
export const assess = (
  json: unknown,
  now: Instant,
  ruleSets: readonly RuleSet[],
  unstorable: readonly Flaw[] = [],
): Assessment => {
  const sent = fieldsOf(json);
  const { name } = fieldsOf(sent['customer']);
  const document = documentIn(sent['customer']);
  const when = whenIn(sent['sold_at'], now);
  const total = priceAt('/total', sent['total']);
  const refused = (errors: readonly Flaw[]): Assessment => ({
    ...{ outcome: 'refused', errors, understood: understoodIn({ document, when, total }) },
  });
  if (unstorable.length > 0) return refused(unstorable);

  const rules = ruleSetFor(when, now, ruleSets);
  const lines = linesIn(sent['products'], rules.value);
  const parts = [document, when, rules, total, lines];
  const flaws = [...parts.flatMap((part) => part.flaws), ...mismatch(lines, total)];
  const errors = [...flawsOfForm(json), ...flaws];
  if (errors.length > 0 || !when.value || !rules.value) return refused(errors);

  // The form is right and nothing is wrong with any part, so all of them are there.
  const sound = { document: document.value, name, totalInCents: total.value, lines: lines.value };
  const sale = calculated(sound as Sound, when.value, rules.value);
  return 'code' in sale ? refused([sale]) : { outcome: 'sound', sale };
};
