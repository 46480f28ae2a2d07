import type { Deadline } from '@grpc/grpc-js';
import { refused, type Outcome, type Write } from './decision.ts';
import type { Log } from './log.ts';
import { ALL } from './names.ts';
import type { Now, Writer } from './writer.ts';

/** A call that goes on until it is ended. */
export type OpenCall = { readonly end: (error?: unknown) => void };

/** What the handlers of requests work with. */
export type Store = {
  readonly log: Log;
  readonly writer: Writer;
  readonly now: Now;
  readonly maxAppendSize: number;
  readonly writeTimeoutMs: number;
  /** Told of what should not have happened, with the call it happened to. */
  readonly onFault: (error: unknown, call: string) => void;
};

/** How long the caller of a unary call waits, in milliseconds since 1970. */
export const deadlineOf = (call: { readonly getDeadline: () => Deadline }): number =>
  Number(call.getDeadline());

/** When a write is given up for which the caller waits until `deadline` (milliseconds, 1970). */
export const expiry = ({ now, writeTimeoutMs }: Store, deadline: number): number =>
  Math.min(deadline, now() + writeTimeoutMs);

/** Writes, unless nobody may write there, or that much. */
export const submit = async (store: Store, write: Write): Promise<Outcome> => {
  if (write.stream === ALL) return refused({ reason: 'access-denied' });
  if (write.size > store.maxAppendSize)
    return refused({ reason: 'append-too-large', limit: store.maxAppendSize });
  return store.writer.write(write);
};
