import { array, constantFrom, integer, nat, oneof, record, type Arbitrary } from 'fast-check';
import type { PurchaseCommand } from '#shared/purchase/commands.ts';
import { anAnalyst } from '#shared/purchase/examples.ts';
import type { AccountId, PurchaseId, ResellerId } from '#shared/ids.ts';
import type { Day, Month } from '#shared/kernel/calendar.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Instant } from '#shared/kernel/message.ts';

/** Two resellers, of whom each has every other purchase. */
export const RESELLERS = [
  '5d0b2a52-3c5e-5a0e-9d0a-0000000000d1' as ResellerId,
  '5d0b2a52-3c5e-5a0e-9d0a-0000000000d2' as ResellerId,
] as const;
const DAYS = ['2025-12-31', '2026-01-01', '2026-01-31', '2026-02-01', '2026-02-28'] as Day[];

/** Something that is asked for about one of a few purchases; it may well be refused. */
export type Step = {
  readonly what: 'register' | 'change' | 'withdraw' | 'approve' | 'reject';
  readonly which: number;
  readonly amount: number;
  readonly day: Day;
  readonly trusted: boolean;
};

/** Amounts that bands and roundings are sensitive to, and others. */
const amount: Arbitrary<number> = oneof(
  integer({ min: 1, max: 160_000 }),
  constantFrom(1, 3, 5, 25, 50_000, 50_001, 99_999, 100_000),
);

export const aStep = (purchases: number): Arbitrary<Step> =>
  record({
    what: constantFrom(
      ...(['register', 'register', 'register', 'change', 'withdraw', 'approve', 'reject'] as const),
    ),
    which: nat(purchases - 1),
    amount,
    day: constantFrom(...DAYS),
    trusted: constantFrom(true, false),
  });

export const someSteps = (purchases: number, maxLength: number): Arbitrary<Step[]> =>
  array(aStep(purchases), { maxLength });

export const purchaseOf = ({ which }: Step): PurchaseId =>
  derivedId('purchase', String(which)) as PurchaseId;
export const resellerOf = ({ which }: Step): ResellerId => RESELLERS[which % 2 === 0 ? 0 : 1];

/** What a step asks for. */
export const commandFor = (
  step: Step,
  at: Instant,
  closedMonths: readonly Month[] = [],
): PurchaseCommand => {
  const { what, which, amount: amountInCents, day: date, trusted } = step;
  const resellerId = resellerOf(step);
  const about = { purchaseId: purchaseOf(step), at };
  const whose = { ...about, onBehalfOf: resellerId, closedMonths };
  switch (what) {
    case 'register': {
      const cpf = (trusted ? '15350946056' : '52998224725') as Cpf;
      const content = { amountInCents, date, code: String(which), cpf, closedMonths };
      return { type: 'RegisterPurchase', data: { ...about, resellerId, ...content } };
    }
    case 'change':
      return { type: 'ChangePurchase', data: { ...whose, amountInCents, date } };
    case 'withdraw':
      return {
        type: 'WithdrawPurchase',
        data: { ...whose, by: resellerId as unknown as AccountId },
      };
    case 'approve':
      return { type: 'ApprovePurchase', data: { ...about, by: anAnalyst } };
    case 'reject':
      return { type: 'RejectPurchase', data: { ...about, by: anAnalyst, reason: 'No receipt' } };
  }
};
