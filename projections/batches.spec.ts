import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Page } from '#shared/kernel/event-store.ts';
import type { Message } from '#shared/kernel/message.ts';
import { broken } from '#shared/testing/a-thing.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { batched } from './batches.ts';

type Batch = Page<Message>;

const ours = (position: number): Batch => ({
  events: recorded([broken()], { from: position }),
  upTo: BigInt(position),
});
const others = (position: number): Batch => ({ events: [], upTo: BigInt(position) });
const never = new AbortController().signal;
const upTos = (batches: readonly Batch[]) => batches.map(({ upTo }) => Number(upTo));

const all = async (batches: AsyncIterable<Batch>): Promise<Batch[]> => {
  const found: Batch[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
};

/** Gives each page when it is told to. */
const aLog = () => {
  const pages: Batch[] = [];
  let wake: () => void = () => undefined;
  const open = async function* (signal: AbortSignal): AsyncGenerator<Batch> {
    signal.addEventListener('abort', () => {
      wake();
    });
    while (!signal.aborted) {
      const page = pages.shift();
      if (page) yield page;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const add = (...more: Batch[]) => {
    pages.push(...more);
    wake();
  };
  return { add, open };
};

describe('Batches', () => {
  it('take along what has arrived, up to their size, and lose nothing', async () => {
    const pages = Array.from({ length: 10 }, (_, position) => ours(position));
    const batches = await all(
      batched(
        // eslint-disable-next-line @typescript-eslint/require-await
        async function* () {
          yield* pages;
        },
        never,
        { largestBatch: 4 },
      ),
    );
    expect(batches.flatMap(({ events }) => events.map(({ position }) => Number(position)))).to.eql([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(batches.every(({ events }) => events.length <= 4)).to.equal(true);
    expect(batches.length).to.be.lessThan(10);
  });

  it('grow while whoever takes them is busy', async () => {
    const log = aLog();
    const batches = batched(log.open, never);
    log.add(ours(0));
    const first = await batches.next();
    log.add(ours(1), ours(2), ours(3));
    const second = await batches.next();
    expect([first.value, second.value].map((batch: Batch) => batch.events.length)).to.eql([1, 3]);
    await batches.return(undefined);
  });

  it('hold back what is only of others, but not for ever', async () => {
    const log = aLog();
    const batches = batched(log.open, never, { quietMs: 40 });
    log.add(others(0), others(1));
    const started = performance.now();
    const quiet = (await batches.next()).value as Batch;
    expect(performance.now() - started).to.be.greaterThan(30);
    expect(upTos([quiet])).to.eql([1]);
    await batches.return(undefined);
  });

  it('do not hold back what is ours', async () => {
    const log = aLog();
    const batches = batched(log.open, never, { quietMs: 10_000 });
    log.add(others(0));
    const next = batches.next();
    await pause(5);
    log.add(ours(1));
    expect(upTos([(await next).value as Batch])).to.eql([1]);
    await batches.return(undefined);
  });

  it('end with the signal', async () => {
    const log = aLog();
    const stop = new AbortController();
    const reading = all(batched(log.open, stop.signal));
    log.add(ours(0));
    await pause(5);
    stop.abort();
    expect(upTos(await reading)).to.eql([0]);
  });

  it('give what came before a failure, and then the failure', async () => {
    const batches = batched(
      // eslint-disable-next-line @typescript-eslint/require-await
      async function* () {
        yield ours(0);
        throw new Error('unreadable');
      },
      never,
    );
    expect(upTos([(await batches.next()).value as Batch])).to.eql([0]);
    const failed = await batches.next().catch((error: unknown) => error);
    expect(failed).to.have.property('message', 'unreadable');
  });
});
