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
 * The first nine digits of the CPF that stands in ASCII from there on, as a number: the other two
 * follow from them. Nothing if it is none. A statement has millions of them: one pass over the
 * bytes, nothing is made on the way, and what comes of it is a small integer.
 */
export const cpfNumberAt = (bytes: Uint8Array, from: number): number | undefined => {
  const first = bytes[from];
  let isOneDigit = true;
  let [nine, ten, number] = [0, 0, 0];
  for (let nth = 0; nth < DIGITS; nth++) {
    const byte = bytes[from + nth] ?? 0;
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    isOneDigit &&= byte === first;
    if (nth >= 9 && digit !== checkDigit(nth === 9 ? nine : ten)) return undefined;
    nine += digit * (10 - nth);
    ten += digit * (11 - nth);
    number = number * 10 + digit;
  }
  return isOneDigit ? undefined : Math.floor(number / 100);
};

/** All eleven digits of what `cpfNumberAt` found. */
export const cpfOfNumber = (number: number): Cpf => {
  const digits = String(number).padStart(DIGITS - 2, '0');
  let [nine, ten] = [0, 0];
  for (let nth = 0; nth < digits.length; nth++) {
    const digit = digits.charCodeAt(nth) - ZERO;
    nine += digit * (10 - nth);
    ten += digit * (11 - nth);
  }
  const first = checkDigit(nine);
  return `${digits}${first}${checkDigit(ten + first * 2)}` as Cpf;
};

/** Plain or as it is printed; nothing if it is none. All digits the same is none. */
export const cpfOf = (text: string): Cpf | undefined => {
  const digits = text.length !== DIGITS && PRINTED.test(text) ? text.replaceAll(/\D/g, '') : text;
  const isOne = digits.length === DIGITS && cpfNumberAt(Buffer.from(digits), 0) !== undefined;
  return isOne ? (digits as Cpf) : undefined;
};

/** `15350946056` as those see it who may not know whose it is: `***.509.460-**`. */
export const maskedCpf = (digits: string): string =>
  `***.${digits.slice(3, 6)}.${digits.slice(6, 9)}-**`;
