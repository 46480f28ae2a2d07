import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { failureFrom } from './errors.ts';
import { senderTo } from './sender.ts';

export type ReadCall = ServerWritableStream<streams.ReadReq, Buffer>;

/** The answers to a read: sent no faster than they are taken, for as long as somebody listens. */
export type Outgoing = {
  /** Nothing more needs to be sent: the caller has gone, or the call was ended. */
  readonly isOver: () => boolean;
  /** Nothing when there is room for more; else to be awaited. Sends nothing when it is over. */
  readonly send: (message: Buffer) => Promise<void> | undefined;
  /** Sleeps until roused while `nothingToDo`, or until it is over. */
  readonly sleepWhile: (nothingToDo: () => boolean) => Promise<void>;
  readonly rouse: () => void;
  /** Ends the call: well, or with what went wrong. */
  readonly end: (error?: unknown) => void;
};

export const outgoing = (call: ReadCall): Outgoing => {
  let over = false;
  let wake: (() => void) | undefined;

  const rouse = (): void => wake?.();
  const stop = (): void => {
    over = true;
    rouse();
  };
  const sender = senderTo(call, rouse);
  call.on('cancelled', stop).on('close', stop);

  const sleepWhile = async (nothingToDo: () => boolean): Promise<void> => {
    while (!over && nothingToDo())
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };

  return {
    isOver: () => over,
    send: (message) => {
      if (over) return undefined;
      sender.send(message);
      return sender.isFull() ? sleepWhile(sender.isFull) : undefined;
    },
    sleepWhile,
    rouse,
    end: (error) => {
      if (over) return;
      sender.flush();
      if (error === undefined) call.end();
      else call.emit('error', failureFrom(error));
      stop();
    },
  };
};
