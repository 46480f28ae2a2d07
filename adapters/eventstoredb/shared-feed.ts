import { EventEmitter, once } from 'node:events';
import { StoreAway, type EventStore, type Page } from '#shared/kernel/event-store.ts';
import type { Contract, MessageOf, Schemas } from '#shared/kernel/message.ts';
import { pagesFrom } from './pages.ts';
import type { RawLog } from './raw-log.ts';
import { LARGEST_PAGE, type Head, type RawEvent, type RawPage } from './raw-page.ts';
import { ringOf, type Ring } from './ring.ts';

/** Of the last events, kept for all who follow: some tens of megabytes at the most. */
const CAPACITY = 2 * LARGEST_PAGE;

export type SharedFeed = EventStore & {
  /** How far the log is known to reach. Nothing before the first follower, or any answer. */
  readonly head: () => Head | undefined;
  /** Ends all who follow. */
  readonly close: () => Promise<void>;
};

type Stretch = { readonly events: readonly RawEvent[]; readonly upTo: bigint };

/** What all followers share: one subscription, the last events, and being told of the next. */
const feedOf = (log: RawLog, capacity: number) => {
  const closing = new AbortController();
  const changes = new EventEmitter().setMaxListeners(0);
  let running: Promise<void> | undefined;
  let ring: Ring | undefined;
  let head: Head | undefined;
  let failure: { readonly error: unknown } | undefined;

  const run = async () => {
    head = await log.head();
    ring = ringOf(capacity, head.position);
    changes.emit('change');
    for await (const { events, upTo } of log.follow(head.position, closing.signal)) {
      ring.add(events);
      head = { position: upTo, at: events.at(-1)?.created ?? head.at };
      changes.emit('change');
    }
  };
  const runInTheEnd = async (): Promise<void> => {
    while (!closing.signal.aborted && !failure)
      await run().catch((error: unknown) => {
        // Away: it was asked for long enough not to need another pause.
        if (!(error instanceof StoreAway)) failure = { error };
      });
    changes.emit('change');
  };

  return {
    closing: closing.signal,
    head: () => head,
    /** Starts with the first who follows, and anew after a failure that ended them all. */
    start: () => {
      if (running && !failure) return;
      failure = undefined;
      ring = undefined;
      running = runInTheEnd();
    },
    close: async () => {
      closing.abort();
      await running;
    },
    /** @throws what ended the subscription for good. */
    ring: () => {
      if (failure) throw failure.error;
      return ring;
    },
    change: async (signal: AbortSignal) => {
      await once(changes, 'change', { signal }).catch(() => undefined);
    },
  };
};
type Feed = ReturnType<typeof feedOf>;

const unlessAborted = async <T>(promise: Promise<T>, signal: AbortSignal) => {
  const settled = new AbortController();
  const stopped = once(signal, 'abort', { signal: settled.signal }).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    settled.abort();
  }
};

/**
 * Who is equally far behind reads the same stretch: all who are new begin at the beginning, and at
 * the same moment. Each for themselves, a busy server would answer none of them in time.
 */
const readTogether = (log: RawLog): RawLog => {
  const underWay = new Map<bigint, Promise<RawPage>>();
  return {
    ...log,
    page: (after) => {
      const before = underWay.get(after);
      if (before) return before;
      const reading = log.page(after).finally(() => underWay.delete(after));
      underWay.set(after, reading);
      return reading;
    },
  };
};

/** So long one waits for news before one looks again by oneself. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Reads by itself what the ring has lost, or has not got yet. Nothing if the store is away, or if
 * there is nothing: then one stays where one is, whatever the ring has, since what follows is
 * found by reading on from there, and a jump would be for good.
 */
const catchUp = async (
  log: RawLog,
  feed: Feed,
  position: bigint,
  signal: AbortSignal,
): Promise<Stretch | undefined> => {
  const known = feed.head()?.position;
  const page = await unlessAborted(log.page(position), signal).catch((error: unknown) => {
    if (error instanceof StoreAway) return undefined;
    throw error;
  });
  if (!page || page.events.length > 0) return page;
  if (feed.head()?.position === known)
    await feed.change(AbortSignal.any([signal, AbortSignal.timeout(LOOK_AGAIN_MS)]));
  return undefined;
};

const fromRing = async (
  ring: Ring,
  feed: Feed,
  position: bigint,
  signal: AbortSignal,
): Promise<Stretch | undefined> => {
  const events = ring.after(position, LARGEST_PAGE);
  const last = events.at(-1);
  if (last) return { events, upTo: last.position.commit };
  await feed.change(signal);
  return undefined;
};

const followed = async function* (
  log: RawLog,
  feed: Feed,
  after: bigint,
  signal: AbortSignal,
): AsyncGenerator<Stretch> {
  const stop = AbortSignal.any([signal, feed.closing]);
  const stopped = () => stop.aborted;
  let position = after;
  while (!stopped()) {
    const ring = feed.ring();
    const next = ring?.covers(position)
      ? await fromRing(ring, feed, position, stop)
      : await catchUp(log, feed, position, stop);
    if (!next || stopped()) continue;
    position = next.upTo;
    if (next.events.length > 0) yield next;
  }
};

/**
 * One subscription for all who follow the log in this process, wherever each of them stands. Who is
 * near its end is served from memory; who is far behind reads for itself until it is near; who is
 * slow holds up nobody, and nothing is kept for them.
 */
export const sharedFeed = (
  store: EventStore,
  ownLog: RawLog,
  { capacity = CAPACITY } = {},
): SharedFeed => {
  const log = readTogether(ownLog);
  const feed = feedOf(log, capacity);

  const pages = async function* <S extends Schemas>(
    contract: Contract<S>,
    after: bigint,
    signal: AbortSignal,
  ): AsyncGenerator<Page<MessageOf<S>>> {
    feed.start();
    for await (const { events } of followed(log, feed, after, signal))
      yield* pagesFrom(contract, events);
  };

  return {
    ...store,
    pages: (contract, after, follow) =>
      follow ? pages(contract, after, follow) : store.pages(contract, after),
    head: feed.head,
    close: feed.close,
  };
};
