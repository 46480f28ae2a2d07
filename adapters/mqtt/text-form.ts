import { LARGEST_NUMBER, swapIdOf } from '#shared/swap/number.ts';
import { LONGEST_REPLY_BYTES, type Heard } from './replies.ts';

const SENTENCE = /^(?<says>confirm|error) transaction \{(?<number>[1-9]\d{0,14})\}(?:\r?\n)?$/;
const NAMED = /\{([1-9]\d{0,14})\}/g;

/** The partner's own words, braces and all. */
export const textRequest = (number: number): string => `transaction {${number}}`;

const known = (digits: string | undefined) => {
  const number = Number(digits);
  return number >= 1 && number <= LARGEST_NUMBER ? swapIdOf(number) : undefined;
};

/** One of two sentences; else what names one transaction; else nothing that anybody can use. */
export const textReply = (payload: Buffer): Heard | undefined => {
  if (payload.length > LONGEST_REPLY_BYTES) return undefined;
  const text = payload.toString('utf8');
  const { says, number } = SENTENCE.exec(text)?.groups ?? {};
  const meant = known(number);
  if (meant && (says === 'confirm' || says === 'error')) return { swapId: meant, says };

  const [named, ...others] = text.matchAll(NAMED);
  const swapId = others.length === 0 ? known(named?.[1]) : undefined;
  return swapId && { swapId, says: 'garbled' };
};
