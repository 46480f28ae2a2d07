import { LRUCache } from 'lru-cache';
import { resellerEvents } from '#shared/reseller/events.ts';
import type { ResellerId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';

const REMEMBERED_RESELLERS = 50_000;

export type ResellerExists = (id: ResellerId) => Promise<boolean>;

/** No reseller ever goes; one that was not found may have come to be in between. */
export const resellerExistsIn = (eventStore: EventStore): ResellerExists => {
  const known = new LRUCache<string, true>({ max: REMEMBERED_RESELLERS });
  return async (id) => {
    if (known.has(id)) return true;
    const { revision } = await eventStore.read(`reseller-${id}`, resellerEvents);
    if (revision === 'no-stream') return false;
    known.set(id, true);
    return true;
  };
};
