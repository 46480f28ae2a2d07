import type { SubjectId } from '#shared/ids.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { Flaw } from '#shared/kernel/schema.ts';
import type { SaleEvent } from './events.ts';

type Lines = readonly (readonly [type: string, valueInCents: number, qty: number])[];
type LineCashbacks = readonly (readonly [amount: number, percent: string, cashback: number])[];

/** What became of each attempt to forward the cashback, from the first on. */
type AttemptState = 'under-way' | 'accepted' | 'failed' | 'uncertain';

export type ReceivedSale = {
  readonly status: 'CALCULATED' | 'ACCEPTED' | 'FAILED' | 'UNCERTAIN';
  readonly subjectId: SubjectId;
  /** Nothing once the person was erased. */
  readonly document: string | null;
  readonly lines: Lines;
  readonly ruleSet: string;
  readonly calculated: LineCashbacks;
  readonly cashbackInCents: number;
  readonly attempts: readonly AttemptState[];
  /** An operator has said what became of it. */
  readonly settled: boolean;
};

export type RefusedSale = {
  readonly status: 'REFUSED';
  /** Whose key what was sent is under. */
  readonly subjectId: SubjectId;
  readonly reasons: readonly string[];
  /** Nothing once the person was erased. */
  readonly errors: readonly Flaw[] | null;
  readonly errorsInAll: number;
  readonly parts: number;
};

export type Sale = { readonly status: 'none' } | RefusedSale | ReceivedSale;

export const isReceived = (sale: Sale): sale is ReceivedSale =>
  sale.status !== 'none' && sale.status !== 'REFUSED';

const changed = (sale: Sale, changes: Partial<ReceivedSale>): Sale =>
  isReceived(sale) ? { ...sale, ...changes } : sale;

/** An attempt has ended. What is accepted stays so; what an earlier attempt came to is past. */
const ended = (sale: Sale, attempt: number, how: 'accepted' | 'failed' | 'uncertain'): Sale => {
  if (!isReceived(sale)) return sale;
  const attempts = sale.attempts.with(attempt - 1, how);
  if (how === 'accepted') return { ...sale, attempts, status: 'ACCEPTED' };
  const isLatest = attempt === attempts.length && sale.status === 'CALCULATED';
  return { ...sale, attempts, ...(how === 'uncertain' && isLatest && { status: 'UNCERTAIN' }) };
};

type Evolutions = {
  readonly [Type in SaleEvent['type']]: (sale: Sale, data: Named<SaleEvent, Type>['data']) => Sale;
};

const evolutions: Evolutions = {
  SaleReceived: (_sale, { subjectId, document, lines }) => ({
    ...{ status: 'CALCULATED', subjectId, document, lines },
    ...{ ruleSet: '', calculated: [], cashbackInCents: 0, attempts: [], settled: false },
  }),
  CashbackCalculated: (sale, { ruleSet, lines: calculated, cashbackInCents }) =>
    changed(sale, { ruleSet, calculated, cashbackInCents }),
  SaleRefused: (_sale, { subjectId, reasons, errors, errorsInAll, parts }) => ({
    ...{ status: 'REFUSED', subjectId, reasons, errorsInAll, parts },
    errors: errors === null ? null : (JSON.parse(errors) as Flaw[]),
  }),
  SaleRefusalContinued: (sale) => sale,
  CashbackForwardAttempted: (sale) =>
    isReceived(sale)
      ? { ...sale, status: 'CALCULATED', attempts: [...sale.attempts, 'under-way'] }
      : sale,
  CashbackAccepted: (sale, { attempt }) => ended(sale, attempt, 'accepted'),
  CashbackForwardFailed: (sale, { attempt }) => ended(sale, attempt, 'failed'),
  CashbackForwardUncertain: (sale, { attempt }) => ended(sale, attempt, 'uncertain'),
  CashbackForwardGivenUp: (sale) => changed(sale, { status: 'FAILED' }),
  SaleResendRequested: (sale) => changed(sale, { status: 'CALCULATED', settled: false }),
  SaleSettled: (sale, { outcome: status }) => changed(sale, { status, settled: true }),
};

/** What a sale is after an event. */
export const evolve = (sale: Sale, event: SaleEvent): Sale =>
  // The name and the data of one event belong together; the compiler sees them one by one.
  (evolutions[event.type] as (sale: Sale, data: SaleEvent['data']) => Sale)(sale, event.data);
