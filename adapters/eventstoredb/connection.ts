import { EventStoreDBClient } from '@eventstore/db-client';
import pLimit from 'p-limit';
import { BadConfig } from '#shared/platform/config.ts';
import { batching, CALLS_FOR_APPENDS, type Batching } from './batching.ts';
import { CutShort, isBroken, isPassing } from './failures.ts';
import { inside } from './inside.ts';

/** A server takes 100 calls at a time from one process; the 101st waits without a word. */
export const STREAM_BUDGET = 90;

/** Failures in a row, of which the client makes nothing by itself, before it is given up. */
const FAILURES_TO_REPLACE = 5;

/** Each of them may be as large as the server takes, a mebibyte. */
const APPENDS_AT_ONCE = 128;

/** How many calls of each kind may be open at once. */
export type Streams = {
  readonly reads: number;
  readonly subscriptions: number;
};
const USUAL: Streams = { reads: 32, subscriptions: 4 };

type Call<T> = (client: EventStoreDBClient, append: Batching['append']) => Promise<T>;

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

/** A client, and the way in which it appends. */
type Caller = { readonly client: EventStoreDBClient; readonly batches: Batching };

const callerAt = (url: string): Caller => {
  try {
    const client = EventStoreDBClient.connectionString(url);
    return { client, batches: batching(client) };
  } catch (cause) {
    const form = 'esdb://host:2113?tls=false or esdb+discover://user:password@cluster:2113';
    throw new BadConfig(`EVENTSTORE_URL is not of the form ${form}`, { cause });
  }
};

/** Its calls end at once. The client leaves the socket open by itself. */
const retire = async ({ client, batches }: Caller): Promise<void> => {
  batches.close();
  await client.dispose();
  const channel = await inside(client)
    .getChannel()
    .catch(() => undefined);
  channel?.close();
};

/** The client of now: one that does nothing but fail makes way for a new one. */
const renewable = (url: string, onTrouble: (error: unknown) => void) => {
  let caller = callerAt(url);
  let failures = 0;
  let last: unknown;

  return {
    current: () => caller,
    worked: () => {
      failures = 0;
    },
    failed: (failing: EventStoreDBClient, error: unknown) => {
      // All appends that shared a call hear of one failure.
      if (error === last) return;
      last = error;
      if (isPassing(error)) onTrouble(error);
      if (failing !== caller.client || !isBroken(error)) return;
      failures += 1;
      if (failures < FAILURES_TO_REPLACE) return;
      failures = 0;
      const retired = caller;
      caller = callerAt(url);
      void retire(retired).catch(onTrouble);
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
  { most, isWhole = () => undefined }: Budget,
) => {
  const limit = pLimit(most);
  return <T>(call: Call<T>, signal: AbortSignal): Promise<T> =>
    limit(async () => {
      signal.throwIfAborted();
      const { client, batches } = current();
      try {
        const result = await call(client, batches.append);
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
    const { client } = current();
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
  const { reads, subscriptions } = { ...USUAL, ...streams };
  if (CALLS_FOR_APPENDS + reads + subscriptions > STREAM_BUDGET)
    throw new RangeError(
      `${reads} reads and ${subscriptions} subscriptions beside appends are more than ${STREAM_BUDGET}`,
    );
  const caller = renewable(url, onTrouble);
  let isClosed = false;
  const isWhole = (reader: EventStoreDBClient) => {
    if (isClosed) throw new Error('The connection was closed while something was read');
    if (reader !== caller.current().client)
      throw new CutShort('The client was replaced while it read');
  };

  return {
    appending: calls(caller, { most: APPENDS_AT_ONCE }),
    reading: calls(caller, { most: reads, isWhole }),
    subscribing: places(caller, subscriptions),
    dispose: () => {
      isClosed = true;
      return retire(caller.current());
    },
  };
};
