import { centsOf } from '#shared/kernel/money.ts';

/** A partner writes no more places than it needs: `"0.1"` and `"3"` are amounts too. */
const WRITTEN = /^((?:0|[1-9]\d*))(?:\.(\d{1,2}))?$/;

/**
 * Cents of an amount as an ERP writes it, exactly: a decimal string without sign, exponent,
 * separators or needless zeros in front, and with two places at most.
 */
export const readPrice = (text: string): number | 'no-amount' | 'too-large' => {
  const [, whole, places = ''] = WRITTEN.exec(text) ?? [];
  if (whole === undefined) return 'no-amount';
  return centsOf(`${whole}.${places.padEnd(2, '0')}`) ?? 'too-large';
};
