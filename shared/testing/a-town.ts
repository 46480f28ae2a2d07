import type { EventStore } from '#shared/kernel/event-store.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { reservationEvents, reservationsIn, type Release } from '#shared/kernel/reservation.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';
import { meta } from './recorded.ts';

const hash = keyedHash(Buffer.alloc(32, 1));

/** What a reservation says of the command that it is for. */
export const by = (commandId: string) => ({ ...meta, commandId });

/** People and the names they have, where a name may be had by one of them. */
export const aTown = (eventStore: EventStore = inMemoryEventStore(), graceMs = 150) => {
  const names = new Map<string, string>();
  const has = (holder: string, value: string) => Promise.resolve(names.get(holder) === value);
  const reservations = reservationsIn(eventStore, { kind: 'name', hash, has, graceMs });
  return {
    ...reservations,
    eventStore,
    names,
    reserved: async (value: string, holder: string, commandId: string): Promise<Release> => {
      const release = await reservations.reserve(value, holder, by(commandId));
      if (release === 'taken') throw new Error(`${value} is taken`);
      return release;
    },
    events: async () => {
      const events = [];
      for await (const page of eventStore.pages(reservationEvents, -1n))
        events.push(...page.events);
      return events;
    },
  };
};
