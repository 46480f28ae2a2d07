import { inClear } from '#shared/kernel/at-rest.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { Contract, Schemas } from '#shared/kernel/message.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { appendTo } from './append.ts';
import { decode } from './codec.ts';
import type { Connection } from './connection.ts';
import { isStreamNotFound } from './failures.ts';
import { logStream } from './log-stream.ts';
import { pagesOf } from './pages.ts';
import { asking } from './patience.ts';
import { rawLog } from './raw-log.ts';
import { collected } from './streams.ts';

/** Of a stream's events, before the server waits. */
const MOST_WAITING = 256;

/** The port, on EventStoreDB. Nothing in it outlives the connection. */
export const eventStoreDb = (connection: Connection, keys: PersonalKeys): EventStore => {
  const log = rawLog(connection);

  const storedIn = (stream: string) =>
    asking(`reading ${stream}`, (signal) =>
      connection.reading(async (client) => {
        try {
          const source = logStream(client, { stream }, { highWaterMark: MOST_WAITING });
          return await collected(source, decode, signal);
        } catch (error) {
          if (isStreamNotFound(error)) return [];
          throw error;
        }
      }, signal),
    );

  return {
    read: async <S extends Schemas>(stream: string, contract: Contract<S>) => {
      const stored = await storedIn(stream);
      return {
        events: await inClear(contract, stored, keys),
        revision: stored.at(-1)?.revision ?? 'no-stream',
      };
    },
    append: appendTo(connection, keys),
    pages: (contract, after, follow) => pagesOf(log, contract, after, follow),
    end: async () => (await log.head()).position,
  };
};
