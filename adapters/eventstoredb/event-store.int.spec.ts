import type { EventStore } from '#shared/kernel/event-store.ts';
import { itKeepsEvents } from '#shared/testing/event-store-contract.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { anEventStore } from '../../test/support/an-event-store.ts';
import { eventStoreDb } from './event-store.ts';
import { rawLog } from './raw-log.ts';
import { sharedFeed, type SharedFeed } from './shared-feed.ts';

describe('EventStoreDB', function () {
  this.timeout(90_000);
  const { store } = anEventStore();

  itKeepsEvents(store);
});

describe('EventStoreDB, through a shared feed', function () {
  this.timeout(90_000);
  const { connection } = anEventStore();
  let feed: SharedFeed;

  before(() => {
    const store = eventStoreDb(connection(), inMemoryKeys());
    feed = sharedFeed(store, rawLog(connection()), { capacity: 16 });
  });
  after(() => feed.close());

  itKeepsEvents((keys): EventStore => ({ ...eventStoreDb(connection(), keys), pages: feed.pages }));
});
