import type { AppendResult, EventStoreDBClient } from '@eventstore/db-client';
import { forTheLog } from '#shared/kernel/at-rest.ts';
import { StreamMoved, type EventStore } from '#shared/kernel/event-store.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { decode, encode } from './codec.ts';
import type { Connection } from './connection.ts';
import { isWrongExpectedVersion, revisionIn } from './failures.ts';
import { asking } from './patience.ts';
import { collected } from './streams.ts';

/** A server that knows an append again need not remember where it was; the log does. */
const positionOf = async (
  client: EventStoreDBClient,
  stream: string,
  { position, nextExpectedRevision }: AppendResult,
  signal: AbortSignal,
): Promise<bigint> => {
  if (position && BigInt.asIntN(64, position.commit) >= 0n) return position.commit;
  const [last] = await collected(
    client.readStream(stream, { fromRevision: nextExpectedRevision, maxCount: 1 }),
    ({ event }) => event && decode(event),
    signal,
  );
  if (!last) throw new Error(`${stream} ends before what was just appended to it`);
  return last.position;
};

/**
 * Asked again with the same ids and the same exact revision, the server answers for what it did
 * the first time. Somebody else's events in that place therefore mean that ours are not there,
 * whatever became of earlier attempts: then nothing else can have been written either.
 */
export const appendTo =
  (connection: Connection, keys: PersonalKeys): EventStore['append'] =>
  async (stream, contract, events, { expected, meta }) => {
    const messages = await forTheLog(contract, stream, events, keys);
    const encoded = messages.map((message, index) =>
      encode(message, index, stream, contract, meta),
    );

    let isRepeat = false;

    try {
      return await asking(`appending to ${stream}`, (signal) =>
        connection.appending(async (client, append) => {
          const alone = isRepeat;
          isRepeat = true;
          const done = await append({ stream, expected, events: encoded }, signal, alone);
          const position = await positionOf(client, stream, done, signal);
          return { revision: done.nextExpectedRevision, position };
        }, signal),
      );
    } catch (cause) {
      if (!isWrongExpectedVersion(cause)) throw cause;
      throw new StreamMoved(stream, { cause, now: revisionIn(cause) });
    }
  };
