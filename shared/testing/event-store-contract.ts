import type { EventStore } from '#shared/kernel/event-store.ts';
import { itAppendsOnce } from './event-store/appending.ts';
import { itFollowsTheLog } from './event-store/following.ts';
import { itRefusesMistakes } from './event-store/mistakes.ts';
import { itPages } from './event-store/paging.ts';
import { itSeals } from './event-store/personal-fields.ts';
import { itReadsOlderVersions } from './event-store/versions.ts';
import { inMemoryKeys, type DestructibleKeys } from './in-memory-keys.ts';

/** What we rely on, whoever keeps the events. Run against every implementation. */
export const itKeepsEvents = (anEventStore: (keys: DestructibleKeys) => EventStore): void => {
  const keys = inMemoryKeys();
  const store = () => anEventStore(keys);

  itAppendsOnce(store);
  itRefusesMistakes(store);
  itReadsOlderVersions(store);
  itSeals(anEventStore);
  itPages(store);
  itFollowsTheLog(store);
};
