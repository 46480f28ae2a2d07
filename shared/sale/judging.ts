import { cpfOf, type Cpf } from '#shared/kernel/cpf.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { Flaw } from '#shared/kernel/schema.ts';
import type { Line } from './cashback.ts';
import { LARGEST_QTY } from './commands.ts';
import { readClock, type Day } from './local-time.ts';
import { readPrice } from './price.ts';
import { percentFor, type RuleSet } from './rule-sets.ts';

/** An ERP's clock may be ahead of ours by as much. */
const GRACE_MS = 5 * 60_000;

export const wrong = (pointer: string, code: string, message: string): Flaw => ({
  pointer,
  code,
  message,
});

/** What is there of an object, by name; nothing at all of what is none. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** A part of a sale that can be judged on its own: what it says, or what is wrong with it. */
export type Judged<T> = { readonly value?: T; readonly flaws: readonly Flaw[] };

const NOT_THERE: Judged<never> = { flaws: [] };

export const documentIn = (customer: unknown): Judged<Cpf> => {
  const { document } = fieldsOf(customer);
  if (typeof document !== 'string') return NOT_THERE;
  const value = cpfOf(document);
  if (value !== undefined) return { value, flaws: [] };
  return { flaws: [wrong('/customer/document', 'cpf', 'is not a valid CPF')] };
};

export type When = { readonly soldAt: Instant; readonly soldOn: Day };

const TIMES = {
  'no-time': 'is not a date and time of the form YYYY-MM-DD HH:MM:SS',
  skipped: 'was skipped when daylight saving time began',
};

export const whenIn = (soldAt: unknown, now: Instant): Judged<When> => {
  if (typeof soldAt !== 'string') return NOT_THERE;
  const read = readClock(soldAt);
  const pointer = '/sold_at';
  if (read.outcome !== 'moment')
    return { flaws: [wrong(pointer, read.outcome, TIMES[read.outcome])] };
  const value = { soldAt: read.at, soldOn: read.day };
  const isFuture = Date.parse(read.at) > Date.parse(now) + GRACE_MS;
  return { value, flaws: isFuture ? [wrong(pointer, 'future', 'is in the future')] : [] };
};

const PRICES = {
  'no-amount': 'is not a decimal string like "10.00"',
  'too-large': 'is more than 9999999999.99',
};

export const priceAt = (pointer: string, text: unknown): Judged<number> => {
  if (typeof text !== 'string') return NOT_THERE;
  const value = readPrice(text);
  if (typeof value === 'string') return { flaws: [wrong(pointer, value, PRICES[value])] };
  return { value, flaws: [] };
};

const valueAt = (pointer: string, text: unknown): Judged<number> => {
  const price = priceAt(pointer, text);
  return price.value === 0
    ? { flaws: [wrong(pointer, 'not-positive', 'must be more than zero')] }
    : price;
};

const isQuantity = (qty: unknown): qty is number =>
  Number.isInteger(qty) && Number(qty) >= 1 && Number(qty) <= LARGEST_QTY;

/** The lines, if each of them is one; what is wrong with their types and prices in any case. */
export const linesIn = (
  products: unknown,
  ruleSet: RuleSet | undefined,
): Judged<readonly Line[]> => {
  if (!Array.isArray(products)) return NOT_THERE;
  const value: Line[] = [];
  const flaws: Flaw[] = [];
  for (const [nth, product] of products.entries()) {
    const { type, value: price, qty } = fieldsOf(product);
    const cents = valueAt(`/products/${nth}/value`, price);
    flaws.push(...cents.flaws);
    if (typeof type !== 'string') continue;
    if (ruleSet && percentFor(ruleSet, type) === undefined)
      flaws.push(
        wrong(`/products/${nth}/type`, 'unknown-type', `is not in rule set ${ruleSet.version}`),
      );
    if (cents.value !== undefined && isQuantity(qty)) value.push([type, cents.value, qty]);
  }
  return value.length === products.length ? { value, flaws } : { flaws };
};
