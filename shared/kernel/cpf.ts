import type { Branded } from './schema.ts';
import { Type } from './type.ts';

/** Eleven digits with valid check digits, leading zeros kept. */
export type Cpf = Branded<string, 'Cpf'>;

const PLAIN = '\\d{11}';
const FORMATTED = '\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}';
const PRINTED = new RegExp(`^${FORMATTED}$`);
const DIGITS = 11;
const ZERO = 48;

/** As people write it in a body. Its check digits are looked at by `cpfOf`. */
export const CpfText = Type.String({
  pattern: `^(?:${PLAIN}|${FORMATTED})$`,
  examples: ['153.509.460-56', '15350946056'],
});

/** The remainder by eleven, of which ten is written as nought. */
const checkDigit = (weighted: number): number => ((weighted * 10) % 11) % 10;

/**
 * The CPF that stands in a text from there on, in eleven digits, as a number; nothing if it is none.
 * A statement has millions of them: one pass over the characters, and nothing is made on the way.
 */
export const cpfNumberAt = (text: string, from: number): number | undefined => {
  const first = text.charCodeAt(from) - ZERO;
  let isOneDigit = true;
  let [nine, ten, number] = [0, 0, 0];
  for (let nth = 0; nth < DIGITS; nth++) {
    const digit = text.charCodeAt(from + nth) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    isOneDigit &&= digit === first;
    if (nth === 9 && digit !== checkDigit(nine)) return undefined;
    if (nth === 10 && digit !== checkDigit(ten)) return undefined;
    nine += digit * (10 - nth);
    ten += digit * (11 - nth);
    number = number * 10 + digit;
  }
  return isOneDigit ? undefined : number;
};

/** The eleven digits of `cpfNumberAt`. */
export const cpfOfNumber = (number: number): Cpf => String(number).padStart(DIGITS, '0') as Cpf;

/** Plain or as it is printed; nothing if it is none. All digits the same is none. */
export const cpfOf = (text: string): Cpf | undefined => {
  const digits = text.length !== DIGITS && PRINTED.test(text) ? text.replaceAll(/\D/g, '') : text;
  const isOne = digits.length === DIGITS && cpfNumberAt(digits, 0) !== undefined;
  return isOne ? (digits as Cpf) : undefined;
};

/** `15350946056` as those see it who may not know whose it is: `***.509.460-**`. */
export const maskedCpf = (digits: string): string =>
  `***.${digits.slice(3, 6)}.${digits.slice(6, 9)}-**`;
