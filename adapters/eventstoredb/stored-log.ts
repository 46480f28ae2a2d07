import { BACKWARDS, END, FORWARDS, START, type RecordedEvent } from '@eventstore/db-client';
import type { StoredEvent, StoredLog, Stretch } from '#shared/kernel/stored-log.ts';
import type { Connection } from './connection.ts';
import { isStreamNotFound } from './failures.ts';
import { asking, type Patience } from './patience.ts';
import { rawLog } from './raw-log.ts';
import type { RawEvent } from './raw-page.ts';
import { collected } from './streams.ts';

/** Of one stream at a time. */
const LARGEST_STREAM_PAGE = 1_024;

type Stored = RecordedEvent | RawEvent;

/** What was written as JSON comes read; anything else comes as bytes. */
const readable = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : (value ?? null);

const storedFrom = (event: Stored): StoredEvent => {
  if (!event.position)
    throw new Error(
      `No position came with an event of ${event.streamId}: EventStoreDB 22.6 or newer`,
    );
  return {
    position: event.position.commit,
    stream: event.streamId,
    revision: event.revision,
    id: event.id,
    type: event.type,
    data: readable(event.data),
    metadata: readable(event.metadata),
  };
};

const isOurs = ({ type }: Stored): boolean => !type.startsWith('$');

const ours = (events: readonly Stored[]): readonly StoredEvent[] =>
  events.filter(isOurs).map(storedFrom);

type Reading = Parameters<Parameters<Connection['reading']>[0]>[0];
type StreamRead = NonNullable<Parameters<Reading['readStream']>[1]>;

/** The port, on EventStoreDB. `patient` says how long whoever asks can wait. */
export const storedLog = (connection: Connection, patient: Patience = asking): StoredLog => {
  const log = rawLog(connection, patient);

  const read = (stream: string, from: bigint, options: StreamRead): Promise<Stretch> =>
    patient(`reading ${stream}`, (signal) =>
      connection.reading(async (client) => {
        try {
          const source = client.readStream(stream, { ...options, maxCount: LARGEST_STREAM_PAGE });
          const events = await collected(source, ({ event }) => event, signal);
          const upTo = events.at(-1)?.revision ?? from;
          return { events: ours(events), upTo, more: events.length === LARGEST_STREAM_PAGE };
        } catch (error) {
          if (isStreamNotFound(error)) return { events: [], upTo: from, more: false };
          throw error;
        }
      }, signal),
    );

  return {
    page: async (after) => {
      const { events, upTo, more } = await log.page(after);
      return { events: ours(events), upTo, more };
    },
    streamPage: (stream, after) =>
      read(stream, after, {
        direction: FORWARDS,
        fromRevision: after < 0n ? START : after + 1n,
      }),
    streamBefore: async (stream, before) => {
      if (before !== undefined && before <= 0n) return { events: [], upTo: 0n, more: false };
      const fromRevision = before === undefined ? END : before - 1n;
      return read(stream, 0n, { direction: BACKWARDS, fromRevision });
    },
    end: async () => (await log.head()).position,
  };
};
