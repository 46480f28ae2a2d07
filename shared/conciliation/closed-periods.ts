import { dayOf, monthAfter, monthOf, type Day, type Month } from '#shared/kernel/calendar.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { streamsOf } from '#shared/kernel/handle-command.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { conciliationPeriodEvents } from './events.ts';
import { conciliationPeriod } from './period.ts';

/** No month before it is one that can be closed. */
export const FIRST_MONTH = '2000-01' as Month;
/** Months that are read at a time. */
const AT_ONCE = 24;

/** Which months between two days, both included, are closed. */
export type ClosedPeriods = (from: string, to: string, at: Instant) => Promise<readonly Month[]>;

const monthsBetween = (from: Month, to: Month): readonly Month[] => {
  const months: Month[] = [];
  for (let month = from; month <= to; month = monthAfter(month)) months.push(month);
  return months;
};

const later = (one: Month, other: Month): Month => (one > other ? one : other);
const earlier = (one: Month, other: Month): Month => (one < other ? one : other);

/** Read from their own streams: a month that was closed a moment ago is closed. */
export const closedPeriodsIn = (eventStore: EventStore): ClosedPeriods => {
  const { load } = streamsOf(
    eventStore,
    'conciliationPeriod',
    conciliationPeriodEvents,
    conciliationPeriod,
  );
  const isClosed = async (month: Month) => (await load(month)).state.status === 'CLOSED';

  return async (from, to, at) => {
    const first = later(monthOf(from as Day), FIRST_MONTH);
    const last = earlier(monthOf(to as Day), monthOf(dayOf(at)));
    const months = monthsBetween(first, last);
    const closed: Month[] = [];
    for (let nth = 0; nth < months.length; nth += AT_ONCE) {
      const some = months.slice(nth, nth + AT_ONCE);
      const found = await Promise.all(some.map(isClosed));
      closed.push(...some.filter((_month, which) => found[which]));
    }
    return closed;
  };
};
