import { oneOf } from '#shared/kernel/schema.ts';
import { amountText } from '#shared/kernel/money.ts';
import type { CashbackBalance } from './ports.ts';

/** The partner does not document in what it counts: whoever knows may say so. */
export const CREDIT_UNITS = ['reais', 'cents'] as const;
export type CreditUnit = (typeof CREDIT_UNITS)[number];
export const CreditUnit = oneOf(CREDIT_UNITS);

/**
 * `UNREADABLE` is a credit that is no amount; `REFUSED` and `UNAVAILABLE` are no answer of the
 * partner; nobody can be asked about who was `ERASED`.
 */
export const CREDIT_STATUSES = [
  ...['MATCHED', 'DIFFERENT', 'UNREADABLE', 'REFUSED', 'UNAVAILABLE', 'ERASED'],
] as const;

export type CreditComparison = {
  readonly credit: number | string | null;
  /** Theirs minus ours, in either unit; `null` where it cannot be read so. */
  readonly difference: { readonly asReais: string | null; readonly asCents: string | null };
  readonly status: string;
};

const FORMS = {
  reais: /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/,
  cents: /^(-?)(\d{1,15})()$/,
} as const satisfies Record<CreditUnit, RegExp>;

/** Exactly, and never by way of a float: `10.1` is 1010 cents. */
const centsIn = (credit: number | string, unit: CreditUnit): number | undefined => {
  const [, sign = '', whole, places = ''] = FORMS[unit].exec(String(credit)) ?? [];
  if (whole === undefined) return undefined;
  const inCents = Number(unit === 'cents' ? whole : `${whole}${places.padEnd(2, '0')}`);
  return sign === '-' ? -inCents : inCents;
};

const NOT_COMPARED = { credit: null, difference: { asReais: null, asCents: null } } as const;

/**
 * What we have granted against what the partner says is accumulated. As long as nobody says in what
 * the partner counts, both agree if they do in either unit.
 */
export const comparedCredit = (
  grantedInCents: number,
  balance: CashbackBalance | undefined,
  unit?: CreditUnit,
): CreditComparison => {
  if (!balance) return { ...NOT_COMPARED, status: 'ERASED' };
  if (balance.outcome !== 'known')
    return { ...NOT_COMPARED, status: balance.outcome.toUpperCase() };
  const { credit } = balance;
  const differenceAs = (one: CreditUnit): number | undefined => {
    const inCents = centsIn(credit, one);
    return inCents === undefined ? undefined : inCents - grantedInCents;
  };
  const [asReais, asCents] = CREDIT_UNITS.map(differenceAs);
  const looked = { reais: [asReais], cents: [asCents], either: [asReais, asCents] };
  const differences = looked[unit ?? 'either'].filter((one) => one !== undefined);
  const status = differences.includes(0) ? 'MATCHED' : 'DIFFERENT';
  const text = (inCents: number | undefined) =>
    inCents === undefined ? null : amountText(inCents);
  return {
    credit,
    difference: { asReais: text(asReais), asCents: text(asCents) },
    status: differences.length === 0 ? 'UNREADABLE' : status,
  };
};
