import { EventStoreDBClient, type Credentials } from '@eventstore/db-client';
import pLimit from 'p-limit';
import { BadConfig } from '#shared/platform/config.ts';
import { CutShort, isBroken, isPassing } from './failures.ts';

/** A server takes 100 calls at a time from one process; the 101st waits without a word. */
export const STREAM_BUDGET = 90;

/** Failures in a row, of which the client makes nothing by itself, before it is given up. */
const FAILURES_TO_REPLACE = 5;

/** How many calls of each kind may be open at once. */
export type Streams = {
  readonly appends: number;
  readonly reads: number;
  readonly subscriptions: number;
};
const USUAL: Streams = { appends: 48, reads: 32, subscriptions: 4 };

type Call<T> = (client: EventStoreDBClient, options: { credentials?: Credentials }) => Promise<T>;

export type Subscribing = {
  readonly client: EventStoreDBClient;
  readonly failed: (error: unknown) => void;
  /** Gives the place back. */
  readonly end: () => void;
};

export type Connection = {
  /** Runs one call, when there is room for it. */
  readonly appending: <T>(call: Call<T>, signal: AbortSignal) => Promise<T>;
  readonly reading: <T>(call: Call<T>, signal: AbortSignal) => Promise<T>;
  /** @throws when all places for subscriptions are taken. */
  readonly subscribing: () => Subscribing;
  readonly dispose: () => Promise<void>;
};

export type ConnectionOptions = {
  readonly streams?: Partial<Streams>;
  /** Hears of failures that are going to be overcome; whoever operates this wants to know. */
  readonly onTrouble?: (error: unknown) => void;
};

/**
 * With credentials of its own an append is a call by itself, with a deadline that holds. Without,
 * the client puts all appends into one call, whose failure fails them all, in every client of the
 * process at once, and may bring the process down. Unencrypted, credentials are never sent.
 */
const ownCredentials = (url: string): { credentials?: Credentials } => {
  if (/[?&]tls=false/i.test(url)) return { credentials: { username: 'nobody', password: '' } };
  const [, username, password] = /^[^:]+:\/\/([^:@/]+):([^@/]*)@/.exec(url) ?? [];
  if (username === undefined || password === undefined) return {};
  return {
    credentials: {
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
    },
  };
};

const clientOf = (url: string): EventStoreDBClient => {
  try {
    return EventStoreDBClient.connectionString(url);
  } catch (cause) {
    const form = 'esdb://host:2113?tls=false or esdb+discover://user:password@cluster:2113';
    throw new BadConfig(`EVENTSTORE_URL is not of the form ${form}`, { cause });
  }
};

/** Its calls end at once. The client leaves the socket open by itself. */
const retire = async (client: EventStoreDBClient): Promise<void> => {
  await client.dispose();
  // eslint-disable-next-line @typescript-eslint/dot-notation -- there is no public way to the channel
  const channel = await client['getChannel']().catch(() => undefined);
  channel?.close();
};

/** The client of now: one that does nothing but fail makes way for a new one. */
const renewable = (url: string, onTrouble: (error: unknown) => void) => {
  let client = clientOf(url);
  let failures = 0;

  return {
    current: () => client,
    worked: () => {
      failures = 0;
    },
    failed: (failing: EventStoreDBClient, error: unknown) => {
      if (isPassing(error)) onTrouble(error);
      if (failing !== client || !isBroken(error)) return;
      failures += 1;
      if (failures < FAILURES_TO_REPLACE) return;
      failures = 0;
      client = clientOf(url);
      void retire(failing).catch(onTrouble);
    },
  };
};
type Renewable = ReturnType<typeof renewable>;

type Budget = {
  readonly most: number;
  /** Throws when what came of a call may not be all of it. */
  readonly isWhole?: (client: EventStoreDBClient) => void;
};

const calls = (
  { current, worked, failed }: Renewable,
  url: string,
  { most, isWhole = () => undefined }: Budget,
) => {
  const limit = pLimit(most);
  const options = ownCredentials(url);
  return <T>(call: Call<T>, signal: AbortSignal): Promise<T> =>
    limit(async () => {
      signal.throwIfAborted();
      const client = current();
      try {
        const result = await call(client, options);
        isWhole(client);
        worked();
        return result;
      } catch (error) {
        failed(client, error);
        throw error;
      }
    });
};

const places = ({ current, failed }: Renewable, most: number) => {
  let taken = 0;
  return (): Subscribing => {
    if (taken === most) throw new RangeError(`More than ${most} subscriptions: share a feed`);
    taken += 1;
    const client = current();
    return {
      client,
      failed: (error) => {
        failed(client, error);
      },
      end: () => {
        taken -= 1;
      },
    };
  };
};

/**
 * The one connection of a process. Every call has its place in the budget.
 * @throws {BadConfig} when the URL cannot be understood.
 */
export const connect = (
  url: string,
  { streams = {}, onTrouble = () => undefined }: ConnectionOptions = {},
): Connection => {
  const { appends, reads, subscriptions } = { ...USUAL, ...streams };
  if (appends + reads + subscriptions > STREAM_BUDGET)
    throw new RangeError(
      `${appends} appends, ${reads} reads and ${subscriptions} subscriptions at a time are more than ${STREAM_BUDGET}`,
    );
  const client = renewable(url, onTrouble);
  let isClosed = false;
  const isWhole = (reader: EventStoreDBClient) => {
    if (isClosed) throw new Error('The connection was closed while something was read');
    if (reader !== client.current()) throw new CutShort('The client was replaced while it read');
  };

  return {
    appending: calls(client, url, { most: appends }),
    reading: calls(client, url, { most: reads, isWhole }),
    subscribing: places(client, subscriptions),
    dispose: () => {
      isClosed = true;
      return retire(client.current());
    },
  };
};
