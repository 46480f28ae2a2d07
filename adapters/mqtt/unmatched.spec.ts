import { expect } from 'chai';
import { StoreAway } from '#shared/kernel/event-store.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { equipmentUnmatchedEvents, type EquipmentUnmatchedEvent } from '#shared/swap/events.ts';
import { unmatched } from '#shared/swap/examples.ts';
import { failure } from '#shared/testing/failure.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { unmatchedIn } from './unmatched.ts';

type Data = EquipmentUnmatchedEvent['data'];

const babble = (
  deliveryId: string,
  more: Partial<Data> = {},
): Parameters<ReturnType<typeof unmatchedIn>> => [
  { ...unmatched().data, deliveryId, ...more },
  { ...meta, commandId: deliveryId },
];
const some = (from: string, count: number) =>
  Array.from({ length: count }, (_, nth) => babble(`${from}-${nth}`));

const stage = () => {
  const store = inMemoryEventStore();
  const done = { reads: 0, appends: 0 };
  let isAway = false;
  const counting: typeof store = {
    ...store,
    read: (...asked) => {
      done.reads += 1;
      return store.read(...asked);
    },
    append: (...asked) => {
      done.appends += 1;
      return isAway ? Promise.reject(new StoreAway('away')) : store.append(...asked);
    },
  };
  return {
    ...{ store: counting, done },
    away: (is: boolean) => {
      isAway = is;
    },
    keptOn: async (day: string) => {
      const { events } = await store.read(`equipmentUnmatched-${day}`, equipmentUnmatchedEvents);
      return events.map(({ data }) => data.deliveryId);
    },
  };
};

describe('What belongs to no transaction', () => {
  it('is kept by the day, all that waits at once', async () => {
    const { store, keptOn, done } = stage();
    const keep = unmatchedIn(store);
    const next = babble('next', { at: '2026-01-16T00:00:00.000Z' as Instant });
    const all = [...some('a', 50), next];
    expect(await Promise.all(all.map((one) => keep(...one)))).to.not.include(false);
    expect(await keptOn('2026-01-15')).to.deep.equal(
      some('a', 50).map(([data]) => data.deliveryId),
    );
    expect(await keptOn('2026-01-16')).to.deep.equal(['next']);
    expect(done.appends).to.equal(3);
  });

  it('is kept by several gateways, none of which reads the day again and again', async () => {
    const { store, keptOn, done } = stage();
    const [one, other] = [unmatchedIn(store), unmatchedIn(store)];
    for (let nth = 0; nth < 20; nth++)
      await Promise.all([one(...babble(`one-${nth}`)), other(...babble(`other-${nth}`))]);
    expect(await keptOn('2026-01-15')).to.have.length(40);
    expect(done.reads).to.equal(2);
  });

  it('is not kept when the day is full', async () => {
    const { store, keptOn } = stage();
    const keep = unmatchedIn(store, 3n);
    const kept = await Promise.all(some('a', 5).map((one) => keep(...one)));
    expect(kept).to.deep.equal([true, true, true, false, false]);
    expect(await keep(...babble('late'))).to.equal(false);
    expect(await keptOn('2026-01-15')).to.have.length(3);
    const tomorrow = babble('b', { at: '2026-01-16T00:00:00.000Z' as Instant });
    expect(await keep(...tomorrow)).to.equal(true);
  });

  it('is not known to be kept while the store is away, and can be kept then', async () => {
    const { store, keptOn, away } = stage();
    const keep = unmatchedIn(store);
    away(true);
    const failures = await Promise.all(some('a', 2).map((one) => failure(keep(...one))));
    for (const error of failures) expect(error).to.be.instanceOf(StoreAway);
    away(false);
    expect(await keep(...babble('a-0'))).to.equal(true);
    expect(await keptOn('2026-01-15')).to.deep.equal(['a-0']);
  });
});
