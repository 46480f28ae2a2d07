import { expect } from 'chai';
import { asked, aShop, named } from '#shared/testing/a-shop.ts';
import { thingEvents } from '#shared/testing/a-thing.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import type { EventStore } from './event-store.ts';

/** Nobody named the request, so each is another. */
const unnamed = (nth: number) => asked(`unnamed ${nth}`, '', false);

describe('Making a thing of which there is one', () => {
  it('refuses a second one with the same content', async () => {
    const shop = aShop();
    expect(await shop.make(named('a'), unnamed(1))).to.include({ outcome: 'accepted', id: 'a.0' });
    expect(await shop.make(named('a', 2), unnamed(2))).to.include({
      reason: 'thing-of-another-size',
    });
    expect(await shop.make(named('b'), unnamed(3))).to.include({ outcome: 'accepted', id: 'b.0' });
  });

  it('makes one, though many ask at once for different ones', async () => {
    const shop = aShop();
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => shop.make(named('a', nth), asked(`key ${nth}`))),
    );
    expect(all.filter(({ outcome }) => outcome === 'accepted')).to.have.length(1);
    expect(await shop.made()).to.deep.equal(['thing-a.0']);
  });

  it('sees first that it has what it needs, though not for a repeat', async () => {
    const { make, eventStore } = aShop();
    const answers = ['thing-unknown' as const, undefined];
    const secured = { ...named('a'), secure: () => Promise.resolve(answers.shift()) };
    expect(await make(secured, asked('key'))).to.include({ reason: 'thing-unknown' });
    expect(await eventStore.end()).to.equal(-1n);
    expect(await make(secured, asked('key'))).to.include({ id: 'a.0', replayed: false });
    answers.push('thing-unknown');
    expect(await make(secured, asked('key'))).to.include({ id: 'a.0', replayed: true });
  });

  it('makes the next one when the one before is spent', async () => {
    const shop = aShop();
    for (let nth = 0; nth < 10; nth++) {
      const { id } = await shop.make(named('a'), asked(`key ${nth}`));
      expect(id).to.equal(`a.${nth}`);
      await shop.breakIt(id);
    }
    expect(await shop.make(named('a'), unnamed(10))).to.include({ id: 'a.10' });
  });

  it('looks at few of the many that are spent', async () => {
    const eventStore = inMemoryEventStore();
    let reads = 0;
    const read: EventStore['read'] = (...args) => {
      reads += 1;
      return eventStore.read(...args);
    };
    const shop = aShop({ ...eventStore, read });
    for (let nth = 0; nth < 100; nth++) {
      await eventStore.append(
        `thing-a.${nth}`,
        thingEvents,
        [
          { type: 'ThingMade', data: { thingId: `a.${nth}`, size: 1 } },
          { type: 'ThingBroken', data: { thingId: `a.${nth}` } },
        ],
        { expected: 'no-stream', meta },
      );
    }
    expect(await shop.make(named('a'), asked('key'))).to.include({ id: 'a.100' });
    expect(reads).to.be.lessThan(20);
  });
});
