import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Page } from '#shared/kernel/event-store.ts';
import type { Message } from '#shared/kernel/message.ts';

/** One transaction takes no more events than about this. */
const LARGEST_BATCH = 5_000;
/** Read ahead while a transaction is under way. */
const PAGES_AHEAD = 16;
/** Having seen only what is others' may be put on record this much later. */
const QUIET_MS = 100;

type Limits = { readonly largestBatch?: number; readonly quietMs?: number };
type Batch = Page<Message>;

/** A stream would drop what was read before a failure: this way the failure waits its turn. */
type Read = Batch | { readonly failure: unknown };

const toTheEnd = async function* (pages: AsyncIterable<Batch>): AsyncGenerator<Read> {
  try {
    yield* pages;
  } catch (failure) {
    yield { failure };
  }
};

const joined = (one: Batch, next: Batch): Batch => ({
  events: one.events.length === 0 ? next.events : [...one.events, ...next.events],
  upTo: next.upTo,
});

/** What a promise comes to within a time; at 0, what it has come to already. */
const within = async <T>(promise: Promise<T>, ms: number): Promise<T | undefined> => {
  if (ms <= 0) return Promise.race([promise, nextTurn(undefined)]);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The next thing that is read can be looked at before it is taken. */
const ahead = (source: AsyncIterable<Read>) => {
  const read = source[Symbol.asyncIterator]();
  const fetch = () => {
    const next = read.next();
    // At the very end there may be nobody left who looks at how it came out.
    next.catch(() => undefined);
    return next;
  };
  let upcoming = fetch();
  return {
    next: async (): Promise<Batch | undefined> => {
      const next = await upcoming;
      if (next.done) return undefined;
      if ('failure' in next.value) throw next.value.failure;
      upcoming = fetch();
      return next.value;
    },
    /** The same, if there is a batch within a time. */
    soon: async (ms: number): Promise<Batch | undefined> => {
      const next = await within(upcoming, ms);
      if (!next || next.done || 'failure' in next.value) return undefined;
      upcoming = fetch();
      return next.value;
    },
  };
};

/**
 * Pages joined into what one transaction should take: what arrives while the last one is under
 * way comes along with the next. That is one event when they are few, and thousands when behind.
 */
export const batched = async function* (
  open: (signal: AbortSignal) => AsyncIterable<Batch>,
  signal: AbortSignal,
  { largestBatch = LARGEST_BATCH, quietMs = QUIET_MS }: Limits = {},
): AsyncGenerator<Batch> {
  const closing = new AbortController();
  const pages = toTheEnd(open(AbortSignal.any([signal, closing.signal])));
  const source = Readable.from(pages, { highWaterMark: PAGES_AHEAD });
  const upcoming = ahead(source as AsyncIterable<Read>);

  try {
    for (let batch = await upcoming.next(); batch; batch = await upcoming.next()) {
      const quietUntil = performance.now() + quietMs;
      while (batch.events.length < largestBatch) {
        const waitMs = batch.events.length > 0 ? 0 : quietUntil - performance.now();
        const more = await upcoming.soon(waitMs);
        if (!more) break;
        batch = joined(batch, more);
      }
      yield batch;
    }
  } finally {
    closing.abort();
    source.destroy();
  }
};
