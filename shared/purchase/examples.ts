import type { AccountId, PurchaseId, ResellerId } from '#shared/ids.ts';
import type { Day, Month } from '#shared/kernel/calendar.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { PurchaseCommand } from './commands.ts';
import type { PurchaseEvent } from './events.ts';

export const noon = '2026-01-15T12:00:00.000Z' as Instant;
export const january = '2026-01' as Month;
export const inJanuary = '2026-01-10' as Day;
export const inDecember = '2025-12-31' as Day;
export const aPurchase = '5d0b2a52-3c5e-5a0e-9d0a-0000000000e1' as PurchaseId;
export const anotherPurchase = '5d0b2a52-3c5e-5a0e-9d0a-0000000000e2' as PurchaseId;
export const aReseller = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d1' as ResellerId;
export const anotherReseller = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d2' as ResellerId;
export const anAnalyst = '5d0b2a52-3c5e-5a0e-9d0a-0000000000b1' as AccountId;
export const anyReseller = 'any reseller' as ResellerId | 'any reseller';

const content = { amountInCents: 80_000, date: inJanuary };
const about = { purchaseId: aPurchase, resellerId: aReseller, at: noon };
const facts = { ...about, ...content };
const registration = { ...facts, code: 'A-1' };
const rejection = { ...facts, by: anAnalyst, reason: 'No receipt' };
const byReseller = aReseller as unknown as AccountId;

/** One valid example of each message; name only what the spec is about. */
export const registered = (data: Partial<typeof registration> = {}): PurchaseEvent => ({
  type: 'PurchaseRegistered',
  data: { ...registration, ...data },
});
export const changed = (
  after: Partial<typeof content> = {},
  before: Partial<typeof content> = {},
  of: Partial<typeof about> = {},
): PurchaseEvent => ({
  type: 'PurchaseChanged',
  data: {
    ...{ ...about, ...of },
    before: { ...content, ...before },
    after: { ...content, ...before, ...after },
  },
});
export const withdrawn = (data: Partial<typeof facts> = {}): PurchaseEvent => ({
  type: 'PurchaseWithdrawn',
  data: { ...facts, by: byReseller, ...data },
});
export const approved = (data: Partial<typeof facts> = {}): PurchaseEvent => ({
  type: 'PurchaseApproved',
  data: { ...facts, by: anAnalyst, ...data },
});
export const approvedAtOnce = (): PurchaseEvent => ({ type: 'PurchaseApproved', data: facts });
export const rejected = (data: Partial<typeof rejection> = {}): PurchaseEvent => ({
  type: 'PurchaseRejected',
  data: { ...rejection, ...data },
});

const whose = { onBehalfOf: aReseller as typeof anyReseller, closedMonths: [] as readonly Month[] };
const asking = { ...registration, cpf: '52998224725' as Cpf, closedMonths: whose.closedMonths };
const changing = { purchaseId: aPurchase, ...whose, at: noon };
const verdict = { purchaseId: aPurchase, by: anAnalyst, at: noon };

export const register = (data: Partial<typeof asking> = {}): PurchaseCommand => ({
  type: 'RegisterPurchase',
  data: { ...asking, ...data },
});
export const change = (
  data: Partial<typeof changing> & { amountInCents?: number; date?: Day } = {},
): PurchaseCommand => ({ type: 'ChangePurchase', data: { ...changing, ...data } });
export const withdraw = (data: Partial<typeof whose> = {}): PurchaseCommand => ({
  type: 'WithdrawPurchase',
  data: { ...changing, by: byReseller, ...data },
});
export const approve = (): PurchaseCommand => ({ type: 'ApprovePurchase', data: verdict });
export const reject = (): PurchaseCommand => ({
  type: 'RejectPurchase',
  data: { ...verdict, reason: 'No receipt' },
});
