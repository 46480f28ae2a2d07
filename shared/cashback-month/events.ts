import { AccountId, PurchaseId, ResellerId } from '#shared/ids.ts';
import { Month } from '#shared/kernel/calendar.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';

const cents = Type.Integer();
const count = Type.Integer({ minimum: 0 });

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.

/** One stream for each month, the same for all resellers: `cashbackMonth-2026-01`. */
export const cashbackMonthEvents = contract('cashbackMonth', {
  /** What is on record of the month's purchases before this is granted; what comes later is not. */
  CashbackMonthClosed: Type.Object({ month: Month, by: AccountId, at: Instant }),
  /** Every reseller has been granted what they are due. */
  CashbackMonthGranted: Type.Object({
    month: Month,
    resellers: count,
    purchases: count,
    grantedInCents: cents,
    at: Instant,
  }),
});
export type CashbackMonthEvent = MessagesIn<typeof cashbackMonthEvents>;

const lines = Type.Array(
  Type.Object({
    purchaseId: PurchaseId,
    /** Of the purchase, as it was when it was granted. */
    revision: count,
    amountInCents: cents,
    cashbackInCents: cents,
  }),
);

/** One stream for each reseller: what they were granted, and what was put right afterwards. */
export const cashbackLedgerEvents = contract('cashbackLedger', {
  CashbackGranted: Type.Object({
    resellerId: ResellerId,
    month: Month,
    /** The version of the rules, and what they led to. */
    ruleSet: Type.String(),
    purchasedInCents: cents,
    percent: Type.String(),
    /** Of the month's purchases. */
    cashbackInCents: cents,
    /** What was booked in this month for earlier ones. */
    adjustmentsInCents: cents,
    /** Both together; less than nothing when more was put right than earned. */
    grantedInCents: cents,
    /** Of how many purchases; those that the lines do not have are in the events that follow. */
    purchases: count,
    lines,
    at: Instant,
  }),
  /** More lines of the grant before: it takes more than one event. */
  CashbackGrantContinued: Type.Object({
    resellerId: ResellerId,
    month: Month,
    percent: Type.String(),
    lines,
    at: Instant,
  }),
  /** Something happened to a purchase of a month after that was closed. */
  CashbackAdjusted: Type.Object({
    resellerId: ResellerId,
    /** The open month in which it is booked. */
    month: Month,
    /** The closed month that it is about, and what that comes to now. */
    about: Month,
    ruleSet: Type.String(),
    purchasedInCents: cents,
    percent: Type.String(),
    cashbackInCents: cents,
    purchaseId: PurchaseId,
    revision: count,
    /** What the purchase counts now; nothing when it does not any more. */
    amountInCents: cents,
    adjustmentInCents: cents,
    at: Instant,
  }),
});
export type CashbackLedgerEvent = MessagesIn<typeof cashbackLedgerEvents>;
