import type { PurchaseEvent } from '#shared/purchase/events.ts';
import { monthOf, type Day, type Month } from '#shared/kernel/calendar.ts';

/** Where a purchase counts, and how much; nothing when it counts nowhere. */
export type Counting = { readonly month: Month; readonly amountInCents: number } | undefined;

const counting = (content: { readonly amountInCents: number; readonly date: Day }): Counting => ({
  month: monthOf(content.date),
  amountInCents: content.amountInCents,
});

/** What a purchase counts after everything that has happened to it: all but rejected ones do. */
export const countingAfter = (events: readonly PurchaseEvent[]): Counting =>
  events.reduce<Counting>((before, { type, data }) => {
    switch (type) {
      case 'PurchaseRegistered':
        return counting(data);
      case 'PurchaseChanged':
        return counting(data.after);
      case 'PurchaseApproved':
        return before;
      case 'PurchaseWithdrawn':
      case 'PurchaseRejected':
        return undefined;
    }
  }, undefined);

/** What it counts in one month. */
export const countedIn = (month: Month, events: readonly PurchaseEvent[]): number => {
  const found = countingAfter(events);
  return found?.month === month ? found.amountInCents : 0;
};
