import type { EventStore } from '#shared/kernel/event-store.ts';
import { given, made, thingEvents, type ThingEvent } from '#shared/testing/a-thing.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';

/** One event of a thing, by a command of its own. */
export const happens = (store: EventStore, event: ThingEvent, revision: number) =>
  store.append(`thing-${event.data.thingId}`, thingEvents, [event], {
    expected: revision === 0 ? 'no-stream' : BigInt(revision - 1),
    meta: { ...meta, commandId: `${event.data.thingId}-${revision}` },
  });

/** Things with these numbers, each made, given away and broken: three events. */
export const things = async (store: EventStore, from: number, to: number): Promise<void> => {
  for (let nth = from; nth < to; nth++) {
    const thingId = String(nth);
    await happens(store, made({ thingId, size: nth }), 0);
    await happens(store, given({ thingId }), 1);
    await happens(store, { type: 'ThingBroken', data: { thingId } }, 2);
  }
};

export const aLogOfThings = async (count: number, largestPage = 7): Promise<EventStore> => {
  const store = inMemoryEventStore({ largestPage });
  await things(store, 0, count);
  return store;
};
