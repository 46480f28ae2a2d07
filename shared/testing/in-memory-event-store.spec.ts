import { expect } from 'chai';
import { broken, made, thingEvents } from './a-thing.ts';
import { itKeepsEvents } from './event-store-contract.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';
import { inMemoryKeys } from './in-memory-keys.ts';
import { meta } from './recorded.ts';

describe('In-memory event store', () => {
  const stores = new WeakMap<object, ReturnType<typeof inMemoryEventStore>>();
  itKeepsEvents((keys) => {
    const store = stores.get(keys) ?? inMemoryEventStore({ keys });
    stores.set(keys, store);
    return store;
  });

  it('can be made to give pages as small as a spec needs', async () => {
    const store = inMemoryEventStore({ keys: inMemoryKeys(), largestPage: 1 });
    await store.append('thing-1', thingEvents, [made(), broken()], { expected: 'no-stream', meta });
    const sizes: number[] = [];
    for await (const { events } of store.pages(thingEvents, -1n)) sizes.push(events.length);
    expect(sizes).to.deep.equal([1, 1]);
  });
});
