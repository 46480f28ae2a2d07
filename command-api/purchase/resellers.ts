import { LRUCache } from 'lru-cache';
import { resellerEvents } from '#shared/reseller/events.ts';
import type { ResellerId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';

const REMEMBERED_RESELLERS = 50_000;
/** So long somebody who was just erased may still be taken for a reseller. */
const REMEMBERED_MS = 1_000;

export type ResellerExists = (id: ResellerId) => Promise<boolean>;

/** Whoever was erased is none; one that was not found may have come to be in between. */
export const resellerExistsIn = (eventStore: EventStore): ResellerExists => {
  const known = new LRUCache<string, true>({ max: REMEMBERED_RESELLERS, ttl: REMEMBERED_MS });
  return async (id) => {
    if (known.has(id)) return true;
    const { events } = await eventStore.read(`reseller-${id}`, resellerEvents);
    if (events.at(-1)?.type !== 'ResellerRegistered') return false;
    known.set(id, true);
    return true;
  };
};
