import type { SwapId } from '#shared/ids.ts';

/** Numbers stay exact in JSON, in JavaScript and in the twelve last digits of a UUID. */
export const LARGEST_NUMBER = 2 ** 48 - 1;

const PREFIX = '73776170-0000-8000-8000-';

/**
 * A UUID of version 8 (RFC 9562, 5.8) that its number can be read off: equipment knows a
 * transaction by number only, and its stream is then found without any index.
 */
export const swapIdOf = (number: number): SwapId => {
  if (!Number.isSafeInteger(number) || number < 1 || number > LARGEST_NUMBER)
    throw new RangeError(`${number} is no number of a transaction`);
  return `${PREFIX}${number.toString(16).padStart(12, '0')}` as SwapId;
};

/** Nothing for a UUID that is none of ours. */
export const numberOf = (swapId: string): number | undefined => {
  const known = swapId.toLowerCase();
  if (!known.startsWith(PREFIX)) return undefined;
  const digits = known.slice(PREFIX.length);
  const number = /^[0-9a-f]{12}$/.test(digits) ? Number.parseInt(digits, 16) : 0;
  return number > 0 ? number : undefined;
};
