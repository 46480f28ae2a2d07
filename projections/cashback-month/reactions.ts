import { cashbackMonthEvents } from '#shared/cashback-month/events.ts';
import { purchaseEvents, type PurchaseEvent } from '#shared/purchase/events.ts';
import { dayOf, monthOf, type Day } from '#shared/kernel/calendar.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { Intent, Reaction } from '../reaction.ts';

/** What carries them out. */
export const GRANT_CASHBACK = 'grant-cashback';
export const SETTLE_PURCHASE = 'settle-purchase';

/** Longer than any command takes from when it arrives until it is on record. */
const LONGEST_COMMAND_MS = 3_600_000;

/** Everybody is granted what they are due once a month is closed. */
export const grantCashbackOfMonth: Reaction<(typeof cashbackMonthEvents)['schemas']> = {
  name: 'grant-cashback-of-month',
  events: cashbackMonthEvents,
  on: {
    CashbackMonthClosed: ({ data: { month } }) => ({
      kind: GRANT_CASHBACK,
      stream: `cashbackMonth-${month}`,
      data: { month },
    }),
    CashbackMonthGranted: () => undefined,
  },
};

/** A month that was not over when the event was put on record cannot have been closed then. */
const mayBeClosed = (date: Day, at: Instant): boolean => {
  const recordedBy = new Date(Date.parse(at) + LONGEST_COMMAND_MS).toISOString() as Instant;
  return monthOf(date) < monthOf(dayOf(recordedBy));
};

const settling = ({ data }: PurchaseEvent, ...dates: readonly Day[]): Intent | undefined => {
  const months = dates.filter((date) => mayBeClosed(date, data.at)).map(monthOf);
  if (months.length === 0) return undefined;
  const { purchaseId, resellerId } = data;
  return {
    kind: SETTLE_PURCHASE,
    stream: `purchase-${purchaseId}`,
    data: { purchaseId, resellerId, months: [...new Set(months)].join(' ') },
  };
};

/** What happens to a purchase of a month that may be closed is settled, if it is. */
export const settlePurchaseOfClosedMonth: Reaction<(typeof purchaseEvents)['schemas']> = {
  name: 'settle-purchase-of-closed-month',
  events: purchaseEvents,
  on: {
    PurchaseRegistered: (event) => settling(event, event.data.date),
    PurchaseChanged: (event) => settling(event, event.data.before.date, event.data.after.date),
    PurchaseWithdrawn: (event) => settling(event, event.data.date),
    PurchaseRejected: (event) => settling(event, event.data.date),
    // What is approved counts as it did before.
    PurchaseApproved: () => undefined,
  },
};
