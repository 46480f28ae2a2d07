const FIRST = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
const SECOND = [6, ...FIRST];

const checkDigit = (digits: string, weights: readonly number[]): number => {
  const sum = weights.reduce((total, weight, nth) => total + weight * Number(digits[nth]), 0);
  return sum % 11 < 2 ? 0 : 11 - (sum % 11);
};

/** The 14 digits of a CNPJ, plain or formatted; nothing if its check digits are wrong. */
export const cnpjOf = (text: string): string | undefined => {
  const digits = text.replaceAll(/[./-]/g, '');
  if (!/^\d{14}$/.test(digits) || /^(\d)\1*$/.test(digits)) return undefined;
  const checks = `${checkDigit(digits, FIRST)}${checkDigit(digits, SECOND)}`;
  return digits.endsWith(checks) ? digits : undefined;
};
