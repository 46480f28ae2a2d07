import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Connection } from './connection.ts';
import { isPassing, Stalled } from './failures.ts';
import { logStream, type LogStream } from './log-stream.ts';
import { backoff } from './patience.ts';
import { LARGEST_PAGE, type Head, type RawEvent, type RawPage } from './raw-page.ts';
import { guarded, release } from './streams.ts';

/** Silence after which the end of the log is looked at: is there really nothing new? */
const SILENCE_MS = 15_000;

/** Of events that wait for their reader. The server waits with the rest. */
const BUFFERED = 1_024;

type HeadOf = () => Promise<Head>;

const subscribeTo = (client: EventStoreDBClient, after: bigint): LogStream =>
  logStream(client, { from: after, live: true }, { highWaterMark: BUFFERED });

type Following = {
  readonly headOf: HeadOf;
  readonly after: bigint;
  readonly signal: AbortSignal;
  readonly silenceMs?: number;
  readonly subscribe?: typeof subscribeTo;
};

/** What has arrived already comes along, so that one transaction can take it all. */
const alongWith = async (first: RawEvent, source: LogStream): Promise<RawEvent[]> => {
  const events: RawEvent[] = [first];
  for (let before = -1; before < events.length && events.length < LARGEST_PAGE;) {
    before = events.length;
    await nextTurn();
    while (events.length < LARGEST_PAGE) {
      const next = source.read() as RawEvent | null;
      if (next === null) break;
      events.push(next);
    }
  }
  return events;
};

/**
 * Breaks a subscription off that says nothing though the log has grown, or whose server does not
 * answer. `waiting` tells since when it is the server that is waited for, and from where.
 */
const watched = (
  source: LogStream,
  headOf: HeadOf,
  silenceMs: number,
  waiting: () => { readonly after: bigint; readonly forMs: number } | undefined,
): (() => void) => {
  const look = async () => {
    const before = waiting();
    if (!before || before.forMs < silenceMs) return;
    const { position } = await headOf();
    const still = waiting();
    if (still?.after === before.after && position > before.after)
      source.destroy(new Stalled(`Nothing came after ${still.after}, and the log has grown`));
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => source.destroy(error as Error));
  }, silenceMs);
  return () => {
    clearInterval(timer);
  };
};

/** One subscription, for as long as it lasts. Unfiltered, so that `upTo` is of an event seen. */
const subscribed = async function* (
  connection: Connection,
  { headOf, after, signal, silenceMs = SILENCE_MS, subscribe = subscribeTo }: Following,
): AsyncGenerator<RawPage> {
  const { client, failed, end } = connection.subscribing();
  const source = guarded(subscribe(client, after));
  let position = after;
  let since: number | undefined = performance.now();
  const unwatch = watched(source, headOf, silenceMs, () =>
    since === undefined ? undefined : { after: position, forMs: performance.now() - since },
  );
  const stop = () => void source.destroy();
  signal.addEventListener('abort', stop, { once: true });

  try {
    for await (const first of source) {
      const events = await alongWith(first, source);
      position = events.at(-1)?.position.commit ?? position;
      since = undefined;
      yield { events, upTo: position, more: events.length >= LARGEST_PAGE };
      since = performance.now();
    }
  } catch (error) {
    if (!signal.aborted) failed(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    unwatch();
    release(source);
    end();
  }
};

/**
 * The log from a position on, over as many subscriptions as it takes: the client never resumes one
 * by itself. Ends when aborted, and throws only what would come again, however often it is tried.
 */
export const followed = async function* (
  connection: Connection,
  following: Following,
): AsyncGenerator<RawPage> {
  const { signal } = following;
  let position = following.after;
  let wait = backoff().next();
  const stopped = () => signal.aborted;
  while (!stopped()) {
    try {
      for await (const page of subscribed(connection, { ...following, after: position })) {
        position = page.upTo;
        wait = backoff().next();
        yield page;
      }
    } catch (error) {
      if (stopped()) return;
      if (!isPassing(error)) throw error;
    }
    await pause(wait.duration, undefined, { signal }).catch(() => undefined);
    wait = wait.next(undefined);
  }
};
