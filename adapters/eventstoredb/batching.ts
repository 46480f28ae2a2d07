import type { AppendResult, EventStoreDBClient } from '@eventstore/db-client';
import services, { type StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import pLimit from 'p-limit';
import { begin, type Batch } from './batch.ts';
import type { ToAppend } from './batch-messages.ts';
import { CutShort } from './failures.ts';
import { inside } from './inside.ts';

/** Of those that are made alone. */
const ALONE_AT_ONCE = 16;
/** Those, the one that is shared, and some that were shared and are on their way out. */
export const CALLS_FOR_APPENDS = ALONE_AT_ONCE + 8;

export type Batching = {
  /**
   * Together with all others, in one call; or `alone`, in a call by itself: what has held up
   * another one does not hold up that.
   * @throws the client's own errors, and the reason of the signal when nobody waits any more.
   */
  readonly append: (what: ToAppend, signal: AbortSignal, alone?: boolean) => Promise<AppendResult>;
  /** Ends all calls. */
  readonly close: () => void;
};

/**
 * Appends of one client, together in one call of it: the client's own way, and much less work for
 * both sides than a call for each. It differs from the client's own where that would harm: there,
 * a call that fails is the failure of every append of the process, whichever client or call it was
 * made by, and an answer that nobody waits for any more brings the process down.
 */
export const batching = (client: EventStoreDBClient): Batching => {
  const open = new Set<Batch>();
  let current: Batch | undefined;

  const begun = (by: StreamsClient): Batch => {
    const batch = begin(client, by, (ended) => {
      open.delete(ended);
      if (current === ended) current = undefined;
    });
    open.add(batch);
    return batch;
  };

  /** One that nobody enters any more ends with the last who waits. */
  const endIfIdle = (batch: Batch) => {
    if (batch !== current && batch.isIdle()) batch.end(new CutShort('Nobody waits for it'));
  };

  const shared = (by: StreamsClient): Batch => {
    if (current?.by === by) return current;
    const last = current;
    current = begun(by);
    if (last) endIfIdle(last);
    return current;
  };

  const appended = async (what: ToAppend, signal: AbortSignal, choose: typeof begun) => {
    const by = await inside(client).getGRPCClient(services.StreamsClient, 'batchAppend');
    signal.throwIfAborted();
    const batch = choose(by);
    try {
      return await batch.append(what, signal);
    } finally {
      // What is held up would hold up whoever comes next.
      if (signal.aborted && current === batch) current = undefined;
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
