import { LRUCache } from 'lru-cache';
import { cashbackMonthEvents } from '#shared/cashback-month/events.ts';
import { dayOf, monthOf, type Month } from '#shared/kernel/calendar.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { Instant } from '#shared/kernel/message.ts';

const REMEMBERED_MONTHS = 1_200;

/** Which of these months are closed. */
export type ClosedAmong = (months: readonly Month[], at: Instant) => Promise<readonly Month[]>;

/**
 * Asked before a purchase changes. A closed month stays closed, and one that is not over cannot
 * have been: only the others are looked at. A month that is closed right afterwards is no harm:
 * what it did not count when it was closed is booked in the month that is open then.
 */
export const closedMonthsIn = (eventStore: EventStore): ClosedAmong => {
  const known = new LRUCache<Month, true>({ max: REMEMBERED_MONTHS });

  const isClosed = async (month: Month, thisMonth: Month): Promise<boolean> => {
    if (known.has(month)) return true;
    if (month >= thisMonth) return false;
    const { revision } = await eventStore.read(`cashbackMonth-${month}`, cashbackMonthEvents);
    if (revision === 'no-stream') return false;
    known.set(month, true);
    return true;
  };

  return async (months, at) => {
    const thisMonth = monthOf(dayOf(at));
    const asked = [...new Set(months)];
    const closed = await Promise.all(asked.map((month) => isClosed(month, thisMonth)));
    return asked.filter((_month, nth) => closed[nth]);
  };
};
