import streams from '@eventstore/db-client/generated/streams_pb.js';
import { answering, streamNotFound, type Answer } from './answers.ts';
import type { Filter } from './filter.ts';
import { outgoing, type Outgoing, type ReadCall } from './outgoing.ts';
import { readRequestFrom, type ReadRequest } from './read-request.ts';
import { allRecords, streamRecords } from './records.ts';
import { isForeseen, Refused } from './refusal.ts';
import { ensureReadable, type OpenCall, type Store } from './store.ts';
import { followAll, followStream } from './subscription.ts';
import { isTombstoned, visible } from './visible.ts';

/** Nothing when there is no such stream. @throws {Refused} when it was ended for good. */
const recordsOf = (store: Store, request: ReadRequest): Iterable<Buffer> | undefined => {
  const { log, now } = store;
  const { stream, from, direction } = request;
  if (stream === undefined) return allRecords(log, from, direction);
  if (isTombstoned(log, stream)) throw new Refused({ reason: 'stream-deleted', stream });
  const seen = visible(log, stream, now());
  return seen && streamRecords(log, seen, from, direction);
};

const sendPage = async (
  out: Outgoing,
  answer: Answer,
  records: Iterable<Buffer>,
  count: number,
): Promise<void> => {
  let left = count;
  for (const record of records) {
    const full = out.send(answer(record));
    if (full) await full;
    left -= 1;
    if (left <= 0 || out.isOver()) return;
  }
};

const only = function* (records: Iterable<Buffer>, { matches }: Filter): Generator<Buffer> {
  for (const record of records) if (matches(record)) yield record;
};

const carryOut = async (store: Store, out: Outgoing, call: ReadCall): Promise<void> => {
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  const request = readRequestFrom(options);
  const { stream, from, count, filter } = request;
  ensureReadable(store, call.metadata, stream);
  const answer = answering(store, options);

  if (count === undefined)
    return stream === undefined
      ? followAll(store, { out, answer, from }, filter)
      : followStream(store, { out, answer, from }, stream);

  const records = recordsOf(store, request);
  if (!records) return out.send(streamNotFound(stream ?? ''));
  return sendPage(out, answer, filter ? only(records, filter) : records, count);
};

/** Reads and subscriptions. `open` holds those that are under way. */
export const read =
  (store: Store, open: Set<OpenCall>) =>
  (call: ReadCall): void => {
    const out = outgoing(call);
    open.add(out);
    void carryOut(store, out, call)
      .then(
        () => {
          out.end();
        },
        (error: unknown) => {
          if (!isForeseen(error)) store.onFault(error, 'read');
          out.end(error);
        },
      )
      .finally(() => open.delete(out));
  };
