import type { AccountId, PurchaseId, ResellerId } from '#shared/ids.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { CashbackLedgerCommand, CashbackMonthCommand, CountedPurchase } from './commands.ts';
import type { CashbackLedgerEvent, CashbackMonthEvent } from './events.ts';

export const inFebruary = '2026-02-03T12:00:00.000Z' as Instant;
export const december = '2025-12' as Month;
export const january = '2026-01' as Month;
export const february = '2026-02' as Month;
export const march = '2026-03' as Month;
export const anAnalyst = '5d0b2a52-3c5e-5a0e-9d0a-0000000000b1' as AccountId;
export const aReseller = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d1' as ResellerId;
export const aPurchase = '5d0b2a52-3c5e-5a0e-9d0a-0000000000e1' as PurchaseId;
export const anotherPurchase = '5d0b2a52-3c5e-5a0e-9d0a-0000000000e2' as PurchaseId;

const closing = { month: january, thisMonth: february, by: anAnalyst, at: inFebruary };
const totals = { resellers: 1, purchases: 2, grantedInCents: 165_00, at: inFebruary };

export const close = (data: Partial<typeof closing> = {}): CashbackMonthCommand => ({
  type: 'CloseCashbackMonth',
  data: { ...closing, ...data },
});
export const complete = (): CashbackMonthCommand => ({
  type: 'CompleteCashbackMonth',
  data: { month: january, ...totals },
});
export const monthClosed = (month = january): CashbackMonthEvent => ({
  type: 'CashbackMonthClosed',
  data: { month, by: anAnalyst, at: inFebruary },
});
export const monthGranted = (month = january): CashbackMonthEvent => ({
  type: 'CashbackMonthGranted',
  data: { month, ...totals },
});

/** 800.00 and 300.00: the first worked example there is. */
export const eightHundred: CountedPurchase = {
  purchaseId: aPurchase,
  revision: 0,
  amountInCents: 800_00,
};
export const threeHundred: CountedPurchase = {
  purchaseId: anotherPurchase,
  revision: 1,
  amountInCents: 300_00,
};

const granting = {
  resellerId: aReseller,
  month: january,
  purchases: [eightHundred, threeHundred] as readonly CountedPurchase[],
  at: inFebruary,
};
const settling = {
  resellerId: aReseller,
  about: january,
  openMonth: february,
  ...{ ...threeHundred, revision: 2, amountInCents: 0 },
  at: inFebruary,
};
const grant = {
  resellerId: aReseller,
  month: january,
  ruleSet: '1',
  purchasedInCents: 1_100_00,
  percent: '15',
  cashbackInCents: 165_00,
  adjustmentsInCents: 0,
  grantedInCents: 165_00,
  purchases: 2,
  lines: [
    { ...eightHundred, cashbackInCents: 120_00 },
    { ...threeHundred, cashbackInCents: 45_00 },
  ],
  at: inFebruary,
};
const adjustment = {
  resellerId: aReseller,
  month: february,
  about: january,
  ruleSet: '1',
  purchasedInCents: 800_00,
  percent: '10',
  cashbackInCents: 80_00,
  ...{ ...threeHundred, revision: 2, amountInCents: 0 },
  adjustmentInCents: -85_00,
  at: inFebruary,
};

/** One valid example of each message; name only what the spec is about. */
export const grantCashback = (data: Partial<typeof granting> = {}): CashbackLedgerCommand => ({
  type: 'GrantCashback',
  data: { ...granting, ...data },
});
export const settle = (data: Partial<typeof settling> = {}): CashbackLedgerCommand => ({
  type: 'SettlePurchase',
  data: { ...settling, ...data },
});
export const granted = (data: Partial<typeof grant> = {}): CashbackLedgerEvent => ({
  type: 'CashbackGranted',
  data: { ...grant, ...data },
});
export const continued = (lines: typeof grant.lines = []): CashbackLedgerEvent => ({
  type: 'CashbackGrantContinued',
  data: { resellerId: aReseller, month: january, percent: '15', lines, at: inFebruary },
});
export const adjusted = (data: Partial<typeof adjustment> = {}): CashbackLedgerEvent => ({
  type: 'CashbackAdjusted',
  data: { ...adjustment, ...data },
});
