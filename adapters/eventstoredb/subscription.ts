import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import {
  START,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
} from '@eventstore/db-client';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { Connection } from './connection.ts';
import { isPassing, Stalled } from './failures.ts';
import { backoff } from './patience.ts';
import { LARGEST_PAGE, type Head, type RawEvent, type RawPage } from './raw-page.ts';
import { guarded, release } from './streams.ts';

/** Silence after which the end of the log is looked at: is there really nothing new? */
const SILENCE_MS = 15_000;

/** Of events that wait for their reader. The server waits with the rest. */
const BUFFERED = 1_024;

type HeadOf = () => Promise<Head>;

type Following = {
  readonly headOf: HeadOf;
  readonly after: bigint;
  readonly signal: AbortSignal;
  readonly silenceMs?: number;
};

/** What has arrived already comes along, so that one transaction can take it all. */
const alongWith = async (
  first: AllStreamResolvedEvent,
  source: AllStreamSubscription,
): Promise<RawEvent[]> => {
  const events: RawEvent[] = first.event ? [first.event] : [];
  for (let before = -1; before < events.length && events.length < LARGEST_PAGE;) {
    before = events.length;
    await nextTurn();
    while (events.length < LARGEST_PAGE) {
      const next = source.read() as AllStreamResolvedEvent | null;
      if (next === null) break;
      if (next.event) events.push(next.event);
    }
  }
  return events;
};

/**
 * Breaks a subscription off that says nothing though the log has grown, or whose server does not
 * answer. `waiting` tells since when it is the server that is waited for, and from where.
 */
const watched = (
  source: AllStreamSubscription,
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
  { headOf, after, signal, silenceMs = SILENCE_MS }: Following,
): AsyncGenerator<RawPage> {
  const { client, failed, end } = connection.subscribing();
  const fromPosition = after <= BEGINNING ? START : { commit: after, prepare: after };
  const source = guarded(client.subscribeToAll({ fromPosition }, { highWaterMark: BUFFERED }));
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
