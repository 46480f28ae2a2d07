import { Type } from './type.ts';

// Amounts are BRL: integer cents in code and events, decimal strings on the wire. No sum, product
// or share ever passes through a fraction: what a float cannot hold exactly is half a cent.

const WHOLE_DIGITS = 10;

/** 9,999,999,999.99. Nine thousand of the largest still add up exactly. */
export const LARGEST_AMOUNT_IN_CENTS = 10 ** (WHOLE_DIGITS + 2) - 1;

const UNSIGNED = `(?:0|[1-9]\\d{0,${WHOLE_DIGITS - 1}})\\.\\d{2}`;
const AMOUNT = new RegExp(`^-?${UNSIGNED}$`);

/** An amount in a body: `"100.00"`, two places, neither a sign nor separators. */
export const AmountText = Type.String({ pattern: `^${UNSIGNED}$`, examples: ['100.00'] });

/** Cents of a decimal string with exactly two places, perhaps negative; nothing if it is none. */
export const centsOf = (text: string): number | undefined =>
  // Adding zero turns the negative one into the only one there is.
  AMOUNT.test(text) ? Number(text.replace('.', '')) + 0 : undefined;

/** `12345` cents are `"123.45"`. @throws {RangeError} for what is no whole number of cents. */
export const amountText = (inCents: number): string => {
  if (!Number.isSafeInteger(inCents)) throw new RangeError(`${inCents} is no amount in cents`);
  const digits = String(Math.abs(inCents)).padStart(3, '0');
  return `${inCents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

const unlessTooLarge = (inCents: bigint): number | undefined =>
  inCents <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(inCents) : undefined;

/** Exact; nothing when it is more than can be told apart to the cent. */
export const sumInCents = (amounts: Iterable<number>): number | undefined => {
  let sum = 0n;
  for (const amount of amounts) sum += BigInt(amount);
  return unlessTooLarge(sum);
};

/** Exact; nothing when it is more than can be told apart to the cent. */
export const timesInCents = (inCents: number, quantity: number): number | undefined =>
  unlessTooLarge(BigInt(inCents) * BigInt(quantity));

const PERCENT = /^(0|[1-9]\d{0,2})(?:\.(\d{1,4}))?$/;

/**
 * So many percent of an amount, rounded half up to the cent. The percentage is a decimal string:
 * `"10"`, `"7.5"`. @throws {RangeError} for another one, and for a negative amount.
 */
export const percentOf = (inCents: number, percent: string): number => {
  const [, whole, places = ''] = PERCENT.exec(percent) ?? [];
  if (whole === undefined) throw new RangeError(`"${percent}" is no percentage`);
  if (inCents < 0) throw new RangeError('A share is taken of what is there, not of a debt');
  const hundred = 100n * 10n ** BigInt(places.length);
  const share = BigInt(inCents) * BigInt(whole + places);
  return Number((2n * share + hundred) / (2n * hundred));
};
