import type { Deadline, Metadata } from '@grpc/grpc-js';
import type { Rights, RightsOf } from './access.ts';
import { refused, type Outcome, type Write } from './decision.ts';
import type { Log } from './log.ts';
import { ALL } from './names.ts';
import { Refused } from './refusal.ts';
import type { Now, Writer } from './writer.ts';

/** A call that goes on until it is ended. */
export type OpenCall = { readonly end: (error?: unknown) => void };

/** What the handlers of requests work with. */
export type Store = {
  readonly log: Log;
  readonly writer: Writer;
  readonly now: Now;
  readonly rightsOf: RightsOf;
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

/** @throws {Rejected | Refused} when the caller of a read may not see that stream, or everything. */
export const ensureReadable = (
  { rightsOf }: Store,
  metadata: Metadata,
  stream: string = ALL,
): void => {
  if (!rightsOf(metadata).mayRead(stream)) throw new Refused({ reason: 'access-denied' });
};

/** Writes, unless this caller may not write there, or nobody may, or not that much. */
export const submit = async (store: Store, rights: Rights, write: Write): Promise<Outcome> => {
  if (write.stream === ALL || !rights.mayWrite(write.stream))
    return refused({ reason: 'access-denied' });
  if (write.size > store.maxAppendSize)
    return refused({ reason: 'append-too-large', limit: store.maxAppendSize });
  return store.writer.write(write);
};
