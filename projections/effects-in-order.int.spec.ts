import { expect } from 'chai';
import { Permanent } from '#shared/effect/permanent.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { thingEvents } from '#shared/testing/a-thing.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { things } from '../test/support/a-log-of-things.ts';
import { anEffectDatabase, carryingOut, intents, whenThey } from '../test/support/effects.ts';
import { following } from '../test/support/following.ts';
import { found } from '../test/support/found.ts';
import type { Effect } from './effect.ts';
import { reactionFollower } from './reaction-follower.ts';
import type { Reaction } from './reaction.ts';

const nothing = () => undefined;

/** Things with even names are in one sequence, the others in another. */
const shipInOrder: Reaction<(typeof thingEvents)['schemas']> = {
  name: 'ship-in-order',
  events: thingEvents,
  begin: 'beginning',
  on: {
    ThingMade: ({ stream, data: { thingId } }) => ({
      ...{ kind: 'ship', stream, data: { thingId } },
      sequence: Number(thingId) % 2 === 0 ? 'even' : 'odd',
    }),
    ThingGiven: nothing,
    ThingBroken: nothing,
  },
};

describe('Effects of one sequence', function () {
  this.timeout(180_000);
  const database = anEffectDatabase();
  let store: EventStore;
  let shipped: string[];

  beforeEach(() => {
    store = inMemoryEventStore();
    shipped = [];
  });

  const intended = async (count: number) => {
    await things(store, 0, count);
    const stop = following({ eventStore: store, db: database() }, reactionFollower(shipInOrder));
    await whenThey(database(), 'WAITING', count);
    await stop();
  };
  /** Ships, unless `first` has something to say about it. */
  const shipping = (first: (thingId: string, attempt: number) => unknown = nothing): Effect => ({
    kind: 'ship',
    carryOut: async ({ data: { thingId = '' } }, { attempt }) => {
      await first(thingId, attempt);
      shipped.push(thingId);
    },
  });
  const of = (parity: number) => shipped.filter((id) => Number(id) % 2 === parity).map(Number);
  const inOrder = (ids: readonly number[]) => ids.toSorted((one, other) => one - other);

  it('are carried out one after the other, in the order of the log', async () => {
    await intended(20);
    let atOnce = { even: 0, odd: 0 };
    let most = 0;
    const effect = shipping(async (thingId) => {
      const parity = Number(thingId) % 2 === 0 ? 'even' : 'odd';
      atOnce = { ...atOnce, [parity]: atOnce[parity] + 1 };
      most = Math.max(most, atOnce[parity]);
      await database().raw('select pg_sleep(0.005)');
      atOnce = { ...atOnce, [parity]: atOnce[parity] - 1 };
    });
    const stops = [1, 2].map(() => carryingOut(database.url(), store, effect));
    await whenThey(database(), 'DONE', 20);
    await Promise.all(stops.map((stop) => stop()));
    for (const parity of [0, 1]) {
      expect(of(parity)).to.have.length(10);
      expect(of(parity)).to.deep.equal(inOrder(of(parity)));
    }
    expect(most).to.equal(1);
  });

  it('wait for the one that is still to be tried again, and hold up nobody else', async () => {
    await intended(6);
    let release = nothing as () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const effect = shipping(async (thingId, attempt) => {
      if (thingId !== '0') return;
      if (attempt === 1) throw new Error('Not now');
      await released;
    });
    const stop = carryingOut(database.url(), store, effect);
    await found(
      () => Promise.resolve(of(1)),
      (odd) => odd.length === 3,
    );
    expect(of(0)).to.deep.equal([]);
    release();
    await whenThey(database(), 'DONE', 6);
    await stop();
    expect(of(0)).to.deep.equal([0, 2, 4]);
  });

  it('go on when one of them is parked', async () => {
    await intended(5);
    const effect = shipping((thingId) => {
      if (thingId === '2') throw new Permanent('Nobody lives there');
    });
    const stop = carryingOut(database.url(), store, effect);
    await whenThey(database(), 'DONE', 4);
    await stop();
    expect(of(0)).to.deep.equal([0, 4]);
    const parked = (await intents(database())).filter(({ status }) => status === 'PARKED');
    expect(parked.map(({ data }) => data)).to.deep.equal([{ thingId: '2' }]);
  });

  it('leave no job behind', async () => {
    await intended(8);
    const stop = carryingOut(database.url(), store, shipping());
    await whenThey(database(), 'DONE', 8);
    await stop();
    expect(await database()('graphile_worker.jobs')).to.deep.equal([]);
  });
});
