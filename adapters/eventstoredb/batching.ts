import type { AppendResult, EventStoreDBClient } from '@eventstore/db-client';
import services, { type StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import pLimit from 'p-limit';
import { begin, type Batch } from './batch.ts';
import type { ToAppend } from './batch-messages.ts';
import { CutShort } from './failures.ts';
import { inside } from './inside.ts';

/** Of those that are made alone. */
const ALONE_AT_ONCE = 8;
/**
 * A call sends one append in each turn of the event loop, and a busy process makes few turns: so as
 * many calls are shared, the next one only when somebody waits in all before it. In one that is
 * held up they become many, and those who come go by the others.
 */
export const SHARED_AT_MOST = 8;
/** Those, and some that were shared and are on their way out. */
export const CALLS_FOR_APPENDS = ALONE_AT_ONCE + 2 * SHARED_AT_MOST;

export type Batching = {
  /**
   * Together with others, in a call that is shared; or `alone`, in a call by itself: what has held up
   * another one does not hold up that.
   * @throws the client's own errors, and the reason of the signal when nobody waits any more.
   */
  readonly append: (what: ToAppend, signal: AbortSignal, alone?: boolean) => Promise<AppendResult>;
  /** Ends all calls. */
  readonly close: () => void;
};

/** The calls of one client that appends are under way in. */
const callsOf = (client: EventStoreDBClient) => {
  const open = new Set<Batch>();
  let shared: Batch[] = [];

  const leave = (batch: Batch) => {
    shared = shared.filter((one) => one !== batch);
  };
  const begun = (by: StreamsClient): Batch => {
    const batch = begin(client, by, (ended) => {
      open.delete(ended);
      leave(ended);
    });
    open.add(batch);
    return batch;
  };
  /** One that nobody enters any more ends with the last who waits. */
  const endIfIdle = (batch: Batch) => {
    if (!shared.includes(batch) && batch.waiting() === 0)
      batch.end(new CutShort('Nobody waits for it'));
  };
  /** After the client has dialled again, nobody enters what it had before. */
  const leaveThoseNotOf = (by: StreamsClient) => {
    const last = shared.filter((one) => one.by !== by);
    for (const one of last) {
      leave(one);
      endIfIdle(one);
    }
  };

  return {
    open,
    begun,
    leave,
    endIfIdle,
    shared: (by: StreamsClient): Batch => {
      leaveThoseNotOf(by);
      const [quietest] = shared.toSorted((one, other) => one.waiting() - other.waiting());
      const mayHaveAnother = shared.length < SHARED_AT_MOST;
      if (quietest && (quietest.waiting() === 0 || !mayHaveAnother)) return quietest;
      const another = begun(by);
      shared.push(another);
      return another;
    },
  };
};

/**
 * Appends of one client, many together in a call of it: the client's own way, and much less work
 * for both sides than a call for each. It differs from the client's own where that would harm: there,
 * a call that fails is the failure of every append of the process, whichever client or call it was
 * made by, and an answer that nobody waits for any more brings the process down.
 */
export const batching = (client: EventStoreDBClient): Batching => {
  const { open, begun, shared, leave, endIfIdle } = callsOf(client);

  const appended = async (what: ToAppend, signal: AbortSignal, choose: typeof begun) => {
    const by = await inside(client).getGRPCClient(services.StreamsClient, 'batchAppend');
    signal.throwIfAborted();
    const batch = choose(by);
    try {
      return await batch.append(what, signal);
    } finally {
      // What is held up would hold up whoever comes next.
      if (signal.aborted) leave(batch);
      endIfIdle(batch);
    }
  };
  const limit = pLimit(ALONE_AT_ONCE);

  return {
    append: (what, signal, alone = false) =>
      alone ? limit(appended, what, signal, begun) : appended(what, signal, shared),
    close: () => {
      for (const batch of open)
        batch.end(new CutShort('The connection was closed while something was appended'));
    },
  };
};
