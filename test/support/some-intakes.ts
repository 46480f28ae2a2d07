import { assess } from '#shared/sale/intake.ts';
import { erpSale, noon } from '#shared/sale/examples.ts';
import { RULE_SETS } from '#shared/sale/rule-sets.ts';
import type { Instant } from '#shared/kernel/message.ts';

// What an ERP sends, changed at one place, and what is thought of it.

export type Sent = Readonly<Record<string, unknown>>;

export const sale = (changes: Sent = {}): Sent => ({ ...erpSale, ...changes });
/** One line, and the total that is claimed for it. */
export const of = (product: Sent, total: unknown): Sent =>
  sale({ total, products: [{ type: 'A', value: '10.00', qty: 1, ...product }] });
export const judged = (json: unknown, at: Instant = noon) => assess(json, at, RULE_SETS);

/** Pointer and code of everything that is wrong. */
export const wrongIn = (json: unknown, at?: Instant): string[] => {
  const assessment = judged(json, at);
  return assessment.outcome === 'sound'
    ? []
    : assessment.errors.map(({ pointer, code }) => `${pointer} ${code}`);
};
export const cashbackOf = (json: unknown) => {
  const assessment = judged(json);
  return assessment.outcome === 'sound'
    ? assessment.sale.calculation.cashbackInCents
    : assessment.errors;
};
