import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import {
  jsonEvent,
  type AppendResult,
  type EventData,
  type EventStoreDBClient,
  type ResolvedEvent,
} from '@eventstore/db-client';

/** How the suites come by a client, once there is a server. */
export type TheClient = () => EventStoreDBClient;

/** More than anything takes, on the slowest of machines. */
const LONGEST_WAIT_MS = 20_000;

/** Per-call credentials make the client append over a call of its own, and not in a batch. */
export const ONE_BY_ONE = { credentials: { username: 'admin', password: 'changeit' } } as const;

/** A stream that nobody has written to: a shared server has others. */
export const aStream = (category = 'spec'): string => `${category}-${randomUUID()}`;

export const anEvent = (type = 'Happened', n = 0): EventData => jsonEvent({ type, data: { n } });
export const events = (count: number, type?: string): EventData[] =>
  Array.from({ length: count }, (_, n) => anEvent(type, n));

/** What was read, in short: `0 Happened`. */
export const brief = ({ event }: ResolvedEvent): string =>
  event ? `${event.revision} ${event.type}` : 'nothing';

export const all = async <Event>(source: AsyncIterable<Event>): Promise<Event[]> => {
  const found: Event[] = [];
  for await (const event of source) found.push(event);
  return found;
};

export const briefly = async (source: AsyncIterable<ResolvedEvent>): Promise<string[]> =>
  (await all(source)).map(brief);

/** The error that something fails with; it is a failure if it does not. */
export const failure = async (attempt: Promise<unknown>): Promise<Error> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('It did not fail');
};

export const positionOf = ({ position }: AppendResult): bigint => position?.commit ?? -1n;

type Followed = Readable & { readonly unsubscribe: () => Promise<void> };

export type Following = {
  /** Everything that came so far, in order: events in short, and what is told between them. */
  readonly log: readonly string[];
  readonly received: readonly ResolvedEvent[];
  /** Waits until it is so. */
  readonly until: (is: (following: Following) => boolean) => Promise<void>;
  readonly error: () => Error | undefined;
  readonly stop: () => Promise<void>;
};

/** A subscription, and all that comes from it. */
export const following = (subscription: Followed): Following => {
  const log: string[] = [];
  const received: ResolvedEvent[] = [];
  let failed: Error | undefined;
  const note = (line: string) => {
    log.push(line);
    subscription.emit('noted');
  };

  subscription
    .on('confirmation', () => {
      note('confirmed');
    })
    .on('caughtUp', () => {
      note('caught up');
    })
    .on('error', (error) => {
      failed = error;
      note('error');
    })
    .on('data', (event: ResolvedEvent) => {
      received.push(event);
      note(brief(event));
    });

  const self: Following = {
    log,
    received,
    error: () => failed,
    until: async (is) => {
      const late = AbortSignal.timeout(LONGEST_WAIT_MS);
      while (!is(self)) await once(subscription, 'noted', { signal: late });
    },
    stop: () => subscription.unsubscribe(),
  };
  return self;
};
