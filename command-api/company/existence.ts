import { LRUCache } from 'lru-cache';
import { companyEvents } from '#shared/company/events.ts';
import type { CompanyId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';

const REMEMBERED_COMPANIES = 10_000;

export type CompanyExists = (id: CompanyId) => Promise<boolean>;

/**
 * Asked by commands that name a company. No company ever goes, so one that was found is not looked
 * for again; one that was not found is, since it may have come to be in between.
 */
export const companyExistsIn = (eventStore: EventStore): CompanyExists => {
  const known = new LRUCache<string, true>({ max: REMEMBERED_COMPANIES });
  return async (id) => {
    if (known.has(id)) return true;
    const { revision } = await eventStore.read(`company-${id}`, companyEvents);
    if (revision === 'no-stream') return false;
    known.set(id, true);
    return true;
  };
};
