import type { Branded } from './schema.ts';
import { Type } from './type.ts';

/** Eleven digits with valid check digits, leading zeros kept. */
export type Cpf = Branded<string, 'Cpf'>;

const PLAIN = '\\d{11}';
const FORMATTED = '\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}';
const WRITTEN = new RegExp(`^(?:${PLAIN}|${FORMATTED})$`);

/** As people write it in a body. Its check digits are looked at by `cpfOf`. */
export const CpfText = Type.String({
  pattern: `^(?:${PLAIN}|${FORMATTED})$`,
  examples: ['153.509.460-56', '15350946056'],
});

const weighted = (digits: string, heaviest: number): number => {
  let sum = 0;
  for (let nth = 0; nth < digits.length; nth++) sum += Number(digits[nth]) * (heaviest - nth);
  return sum;
};

/** The remainder by eleven, of which ten is written as nought. */
const checkDigit = (digits: string): number =>
  ((weighted(digits, digits.length + 1) * 10) % 11) % 10;

/** Plain or as it is printed; nothing if it is none. All digits the same is none. */
export const cpfOf = (text: string): Cpf | undefined => {
  if (!WRITTEN.test(text)) return undefined;
  const digits = text.replaceAll(/\D/g, '');
  if (/^(\d)\1*$/.test(digits)) return undefined;
  const first = checkDigit(digits.slice(0, 9));
  const second = checkDigit(digits.slice(0, 10));
  return digits.endsWith(`${first}${second}`) ? (digits as Cpf) : undefined;
};

/** `15350946056` as those see it who may not know whose it is: `***.509.460-**`. */
export const maskedCpf = (digits: string): string =>
  `***.${digits.slice(3, 6)}.${digits.slice(6, 9)}-**`;
