import { once } from 'node:events';
import { expect } from 'chai';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { logger } from '#shared/platform/log.ts';
import { swapIdOf } from '#shared/swap/number.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { aCheckpoint, someSwaps, topics } from '../../test/support/a-gateway.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { swapsIn } from './deciding.ts';
import { publishFromLog, type Publishing } from './publishing.ts';
import { topicsOf } from './topics.ts';

const log = logger('gateway', 'silent');
const A_MINUTE_MS = 60_000;

const timesOf = (asked: readonly string[], number: number): number =>
  asked.filter((payload) => payload === `transaction {${number}}`).length;

/** Reads what there is, and then nothing, however long it is waited for. */
const readingNoMore = (eventStore: EventStore): EventStore => ({
  ...eventStore,
  pages: async function* (contract, after, follow) {
    for await (const page of eventStore.pages(contract, after)) yield page;
    if (follow) await once(follow, 'abort');
  },
});

describe('Publishing from the log', function () {
  this.timeout(60_000);
  const stopping: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stopping.splice(0)) await stop();
  });

  const stage = () => {
    const eventStore = inMemoryEventStore();
    const asked: string[] = [];
    const lookedUp: string[] = [];
    /** A gateway that has the turn, until it is stopped; it asks nothing again unless connected. */
    const gateway = (more: Partial<Publishing> = {}) => {
      const stopped = new AbortController();
      const swaps = swapsIn(eventStore);
      const publishing: Publishing = {
        ...{ eventStore, checkpoint: aCheckpoint(), topics: topicsOf(topics), version: 4, log },
        swaps: {
          ...swaps,
          stateOf: (id) => {
            lookedUp.push(id);
            return swaps.stateOf(id);
          },
        },
        publish: ({ payload }) => {
          asked.push(payload);
          return Promise.resolve();
        },
        settledSince: () => undefined,
        ...{ gateway: 'gateway-1', timeoutMs: A_MINUTE_MS, clock: systemClock, ...more },
      };
      const done = publishFromLog(publishing, stopped.signal);
      const stop = async () => {
        stopped.abort();
        await done;
      };
      stopping.push(stop);
      return { stop };
    };
    return { eventStore, asked, lookedUp, gateway, ...someSwaps(eventStore) };
  };

  it('asks again for what another has asked, however long it has been connected itself', async () => {
    const { asked, gateway, start, has } = stage();
    const longAgo = performance.now() - A_MINUTE_MS;
    const first = gateway();
    await start(14);
    await waitUntil('it is asked', () => has(14, 'SwapPublished'));
    await first.stop();
    expect(asked).to.deep.equal(['transaction {14}']);
    gateway({ settledSince: () => longAgo });
    await waitUntil('it is asked again', () => asked.length > 1);
    expect(new Set(asked)).to.deep.equal(new Set(['transaction {14}']));
  });

  it('asks again for what it has asked, though it has not read of it yet', async () => {
    const { eventStore, asked, gateway, start } = stage();
    for (const number of [14, 15]) await start(number);
    const since = performance.now();
    gateway({ eventStore: readingNoMore(eventStore), settledSince: () => since });
    const twice = () => [14, 15].every((one) => timesOf(asked, one) > 1);
    await waitUntil('both are asked again', twice);
  });

  it('looks up nothing that it finds asked or over right behind its start', async () => {
    const { asked, lookedUp, gateway, start, has } = stage();
    const first = gateway();
    for (const number of [14, 15]) await start(number);
    for (const number of [14, 15])
      await waitUntil('it is asked', () => has(number, 'SwapPublished'));
    await first.stop();
    await start(16);
    gateway();
    await waitUntil('the third is asked', () => timesOf(asked, 16) > 0);
    expect(lookedUp).to.deep.equal([swapIdOf(16)]);
    expect(asked).to.have.length(3);
  });
});
