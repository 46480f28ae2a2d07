import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler, type Asked } from '#shared/kernel/handle-command.ts';
import { keyClaimEvents, uniqueHandler } from '#shared/kernel/handle-unique.ts';
import { breaking, make, thing, thingEvents, type Thing } from './a-thing.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';
import { meta } from './recorded.ts';

/** A request by its key, unless nobody gave it one. */
export const asked = (commandId: string, fingerprint = '', keyed = true): Asked => ({
  meta: { ...meta, commandId, fingerprint },
  keyed,
});

/** A thing of which there is one at a time, by what is in it. */
export const named = (content: string, size = 1) => ({
  idOf: (nth: number) => `${content}.${nth}`,
  commandFor: (id: string) => make(id, size),
  spent: ({ status }: Thing) => status === 'broken',
});

/** Makes things of which there is one, and tells which it has made. */
export const aShop = (eventStore: EventStore = inMemoryEventStore(), graceMs = 500) => {
  const change = commandHandler(eventStore, 'thing', thingEvents, thing);
  return {
    eventStore,
    make: uniqueHandler(eventStore, 'thing', thingEvents, thing, { graceMs }),
    breakIt: (id: string) => change(id, breaking(id), asked(`break ${id}`)),
    made: async () => {
      const things: string[] = [];
      for await (const { events } of eventStore.pages(thingEvents, -1n))
        things.push(
          ...events.filter(({ type }) => type === 'ThingMade').map(({ stream }) => stream),
        );
      return things;
    },
    claims: async (commandId: string) =>
      (await eventStore.read(`request-${commandId}`, keyClaimEvents)).events,
  };
};
