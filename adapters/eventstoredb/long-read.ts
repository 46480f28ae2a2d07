import { finished } from 'node:stream/promises';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Connection } from './connection.ts';
import { logStream, type LogStream } from './log-stream.ts';
import { paging, type Patience } from './patience.ts';
import type { RawEvent } from './raw-page.ts';
import { guarded, release } from './streams.ts';

/** So few that they are gone before the memory of the young is full: nothing of them is moved. */
const LARGEST_PIECE = 128;

/** What was picked of a stretch of the log. */
export type Piece<T> = {
  readonly events: readonly T[];
  readonly upTo: bigint;
  /** Whether the log ended there. */
  readonly isLast: boolean;
};

type Pick<T> = (event: RawEvent) => T | undefined;

/** One read of the whole log, taken piece by piece; the server waits while nobody asks. */
const opened = <T>(source: LogStream, after: bigint, pick: Pick<T>) => {
  let events: T[] = [];
  let [upTo, seen, isOver] = [after, 0, false];
  let wake = (): void => undefined;
  guarded(source).on('data', (event: RawEvent) => {
    // A read begins with the very event at the position it is given.
    if (event.position.commit <= after) return;
    const picked = pick(event);
    if (picked !== undefined) events.push(picked);
    upTo = event.position.commit;
    seen += 1;
    if (seen < LARGEST_PIECE) return;
    source.pause();
    wake();
  });
  const over = finished(source, { writable: false }).then(() => {
    isOver = true;
  });
  over.catch(() => undefined);

  return {
    next: async (signal: AbortSignal): Promise<Piece<T>> => {
      [events, seen] = [[], 0];
      const stop = () => void source.destroy();
      signal.addEventListener('abort', stop, { once: true });
      const enough = new Promise<void>((resolve) => {
        wake = resolve;
      });
      source.resume();
      try {
        await Promise.race([enough, over]);
      } finally {
        signal.removeEventListener('abort', stop);
      }
      return { events, upTo, isLast: isOver };
    },
    close: () => {
      release(source);
    },
  };
};

/**
 * The whole log after a position, in small pieces, each event looked at as it arrives: what is not
 * kept then is never kept in memory, which is most of what reading costs. One call for all of it;
 * one that breaks off is made again from where it was. `pick` must not throw.
 * @throws {StoreAway}
 */
export const longRead = async function* <T>(
  connection: Connection,
  after: bigint,
  pick: Pick<T>,
  patient: Patience = paging,
): AsyncGenerator<Piece<T>> {
  let position = after;
  let reading: { client: EventStoreDBClient; pieces: ReturnType<typeof opened<T>> } | undefined;
  const close = (): void => {
    reading?.pieces.close();
    reading = undefined;
  };
  const open = (client: EventStoreDBClient) => {
    close();
    reading = { client, pieces: opened(logStream(client, { from: position }), position, pick) };
    return reading;
  };
  const next = (): Promise<Piece<T>> =>
    patient(`reading the log after ${position}`, (signal) =>
      connection
        .reading((client) => {
          // A client that made way for another has ended its calls as if they had come to their end.
          const { pieces } = reading?.client === client ? reading : open(client);
          return pieces.next(signal);
        }, signal)
        .catch((error: unknown) => {
          close();
          throw error;
        }),
    );

  try {
    for (;;) {
      const piece = await next();
      if (piece.upTo > position) yield piece;
      position = piece.upTo;
      if (piece.isLast) return;
    }
  } finally {
    close();
  }
};
