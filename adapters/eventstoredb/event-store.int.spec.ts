import { itKeepsEvents } from '#shared/testing/event-store-contract.ts';
import { anEventStore } from '../../test/support/an-event-store.ts';

describe('EventStoreDB', function () {
  this.timeout(20_000);
  const { store } = anEventStore();

  itKeepsEvents(store);
});
