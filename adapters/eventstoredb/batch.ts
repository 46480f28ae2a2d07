import { randomUUID } from 'node:crypto';
import type { AppendResult, EventStoreDBClient } from '@eventstore/db-client';
import { convertToCommandError } from '@eventstore/db-client/dist/utils/CommandError.js';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceError } from '@grpc/grpc-js';
import { batchAnswer, batchRequest, type ToAppend } from './batch-messages.ts';
import { CutShort } from './failures.ts';
import { inside } from './inside.ts';

/** One call with many appends in it, as long as it lasts. */
export type Batch = {
  /** What calls: another one after the client has dialled again. */
  readonly by: StreamsClient;
  /** @throws the client's own errors, and the reason of the signal when nobody waits any more. */
  readonly append: (what: ToAppend, signal: AbortSignal) => Promise<AppendResult>;
  /** How many wait for an answer. */
  readonly waiting: () => number;
  /** Ends the call, and tells this to all who still wait. */
  readonly end: (error: Error) => void;
};

/** Who waits for an answer, by the id that comes back with it. */
const waitingRoom = () => {
  const waiting = new Map<string, (answer: AppendResult | Error) => void>();
  return {
    size: () => waiting.size,
    enter: (id: string, signal: AbortSignal): Promise<AppendResult> =>
      new Promise((resolve, reject) => {
        const settle = (answer: AppendResult | Error) => {
          waiting.delete(id);
          signal.removeEventListener('abort', giveUp);
          if (answer instanceof Error) reject(answer);
          else resolve(answer);
        };
        const giveUp = () => {
          settle(signal.reason as Error);
        };
        waiting.set(id, settle);
        signal.addEventListener('abort', giveUp, { once: true });
      }),
    /** Whoever asked may have given up, and is not there any more. */
    tell: (id: string, answer: AppendResult | Error) => {
      waiting.get(id)?.(answer);
    },
    tellAll: (error: Error) => {
      for (const settle of [...waiting.values()]) settle(error);
    },
  };
};

/** `ended` is called once, before those who wait hear of it. */
export const begin = (
  client: EventStoreDBClient,
  by: StreamsClient,
  ended: (batch: Batch) => void,
): Batch => {
  const { callArguments, handleError } = inside(client);
  const call = by.batchAppend(...callArguments({}, { deadline: Infinity }));
  const { size, enter, tell, tellAll } = waitingRoom();
  let isOver = false;

  const over = (error: Error) => {
    if (isOver) return;
    isOver = true;
    ended(batch);
    tellAll(error);
  };
  call.on('data', (message: BatchAppendResp) => {
    const { id, answer } = batchAnswer(message);
    tell(id, answer);
  });
  call.on('error', (bare: ServiceError) => {
    if (isOver) return;
    const error = convertToCommandError(bare);
    void handleError(by, error);
    over(error);
  });
  call.on('end', () => {
    over(new CutShort('The server ended a batch of appends'));
    call.end();
  });

  const batch: Batch = {
    by,
    waiting: size,
    append: (what, signal) => {
      const id = randomUUID();
      const answered = enter(id, signal);
      call.write(batchRequest(id, what));
      return answered;
    },
    end: (error) => {
      over(error);
      call.cancel();
    },
  };
  return batch;
};
