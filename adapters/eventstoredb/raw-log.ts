import { BACKWARDS, END, type AllStreamResolvedEvent } from '@eventstore/db-client';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { Connection } from './connection.ts';
import { logStream } from './log-stream.ts';
import { longRead, type Piece } from './long-read.ts';
import { paging, type Patience } from './patience.ts';
import { LARGEST_PAGE, type Head, type RawEvent, type RawPage } from './raw-page.ts';
import { collected } from './streams.ts';
import { followed } from './subscription.ts';

/** The whole log, before anyone has said what is theirs in it. */
export type RawLog = {
  /** The next events after a position. @throws {StoreAway} */
  readonly page: (after: bigint) => Promise<RawPage>;
  /** All after a position, in pieces, of which each event is looked at as it arrives. */
  readonly pieces: <T>(
    after: bigint,
    pick: (event: RawEvent) => T | undefined,
  ) => AsyncIterable<Piece<T>>;
  /** On and on from a position, whatever happens to the server, until aborted. */
  readonly follow: (after: bigint, signal: AbortSignal) => AsyncIterable<RawPage>;
  /** @throws {StoreAway} */
  readonly head: () => Promise<Head>;
};

const eventOf = ({ event }: AllStreamResolvedEvent) => event;

export const rawLog = (connection: Connection, patient: Patience = paging): RawLog => {
  const page = (after: bigint): Promise<RawPage> =>
    patient(`reading the log after ${after}`, (signal) =>
      connection.reading(async (client) => {
        // A read begins with the very event at the position it is given.
        const inclusive = { from: after, most: LARGEST_PAGE + 1 };
        const source = logStream(client, inclusive, { highWaterMark: LARGEST_PAGE });
        const events = await collected(
          source,
          (event: RawEvent) => (event.position.commit > after ? event : undefined),
          signal,
        );
        return {
          events,
          upTo: events.at(-1)?.position.commit ?? after,
          more: events.length >= LARGEST_PAGE,
        };
      }, signal),
    );

  const head = (): Promise<Head> =>
    patient('reading where the log ends', (signal) =>
      connection.reading(async (client) => {
        const last = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
        const [event] = await collected(client.readAll(last), eventOf, signal);
        return { position: event?.position.commit ?? BEGINNING, at: event?.created };
      }, signal),
    );

  return {
    page,
    pieces: (after, pick) => longRead(connection, after, pick, patient),
    head,
    follow: (after, signal) => followed(connection, { headOf: head, after, signal }),
  };
};
