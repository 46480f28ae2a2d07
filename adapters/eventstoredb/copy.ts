import {
  ANY,
  binaryEvent,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  StreamDeletedError,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
  type JSONType,
  type MetadataType,
} from '@eventstore/db-client';
import { BadConfig } from '#shared/platform/config.ts';
import type { Connection } from './connection.ts';
import type { RawLog } from './raw-log.ts';
import type { RawEvent } from './raw-page.ts';
import { collected } from './streams.ts';

/** Appends on their way at once. They share one call, which the server takes in their order. */
const AT_ONCE = 64;
/** What JSON readers hold of the largest int64, which means that all of a stream is deleted. */
const ALL_EVENTS = 2 ** 53;

export type Copied = {
  /** How far everything is in the target, or was left out on purpose. */
  readonly upTo: bigint;
  readonly copied: number;
  /** Written by the server for itself, as the target's does for itself. */
  readonly leftOut: number;
};

/** The target has other events where these would have to be. */
export class TargetDiffers extends Error {
  override readonly name = 'TargetDiffers';
  constructor(stream: string, revision: bigint, cause: unknown) {
    super(
      `The target has other events in ${stream}, at revision ${revision}: copy to a server that nobody else has written to`,
      { cause },
    );
  }
}

const isOfTheSystem = (stream: string): boolean =>
  (stream.startsWith('$$') ? stream.slice(2) : stream).startsWith('$');

/** When it was first written; the target will say of each event when it was copied. */
const withCreated = ({ metadata, created }: RawEvent): MetadataType => {
  // A buffer is no array of bytes to the client: it would write down its parts.
  if (metadata instanceof Uint8Array) return new Uint8Array(metadata);
  const stated = metadata as Readonly<Record<string, unknown>> | undefined;
  return { $created: created.toISOString(), ...stated };
};

const messageOf = (event: RawEvent) => {
  const { id, type } = event;
  const metadata = withCreated(event);
  return event.isJson
    ? jsonEvent({ id, type, data: event.data as JSONType, metadata })
    : binaryEvent({ id, type, data: event.data as Uint8Array, metadata });
};

/** Of a metastream only the last event counts; and the target writes some of them by itself. */
const expectedFor = ({ streamId, revision }: RawEvent): AppendExpectedRevision => {
  if (streamId.startsWith('$$')) return ANY;
  return revision === 0n ? NO_STREAM : revision - 1n;
};

const isSoftDelete = ({ streamId, type, data }: RawEvent): boolean =>
  streamId.startsWith('$$') &&
  type === '$metadata' &&
  Number((data as { readonly $tb?: unknown } | undefined)?.$tb ?? 0) >= ALL_EVENTS;

/** Whether the stream has a tombstone in the source too, so that nothing more can be added to it. */
const isGone = (source: Connection, stream: string): Promise<boolean> => {
  const { signal } = new AbortController();
  return source.reading(async (client) => {
    try {
      await collected(client.readStream(stream, { maxCount: 1 }), () => undefined, signal);
      return false;
    } catch (error) {
      return error instanceof StreamDeletedError;
    }
  }, signal);
};

const copying = (source: Connection, target: EventStoreDBClient) => {
  const append = async (event: RawEvent): Promise<void> => {
    const { streamId, revision } = event;
    try {
      await target.appendToStream(streamId, messageOf(event), {
        expectedRevision: expectedFor(event),
      });
    } catch (error) {
      if (error instanceof WrongExpectedVersionError)
        throw new TargetDiffers(streamId, revision, error);
      // What was copied before, and has its tombstone by now.
      if (!(error instanceof StreamDeletedError) || !(await isGone(source, streamId))) throw error;
    }
  };
  const tombstone = async ({ streamId }: RawEvent): Promise<void> => {
    await target.tombstoneStream(streamId, { expectedRevision: ANY }).catch((error: unknown) => {
      if (!(error instanceof StreamDeletedError)) throw error;
    });
  };
  const softDelete = async ({ streamId }: RawEvent): Promise<void> => {
    await target.deleteStream(streamId.slice(2), { expectedRevision: ANY });
  };

  /** Nothing when it may go together with others. */
  const alone = (event: RawEvent): (() => Promise<void>) | undefined => {
    if (event.type === '$streamDeleted') return () => tombstone(event);
    return isSoftDelete(event) ? () => softDelete(event) : undefined;
  };

  // Until the first has come back they would overtake each other on their way to the call.
  let isOpen = false;
  return async (events: readonly RawEvent[]): Promise<void> => {
    const underWay: Promise<void>[] = [];
    const settle = (most: number) => Promise.all(underWay.splice(0, underWay.length - most));
    for (const event of events) {
      const act = alone(event);
      await settle(act || !isOpen ? 0 : Math.min(underWay.length, AT_ONCE - 1));
      if (act) await act();
      else {
        const appending = append(event);
        // Whoever waits for it hears; until then, nobody is to be startled.
        appending.catch(() => undefined);
        underWay.push(appending);
        if (!isOpen) await settle(0);
        isOpen = true;
      }
    }
    await settle(0);
  };
};

const targetAt = (url: string): EventStoreDBClient => {
  try {
    return EventStoreDBClient.connectionString(url);
  } catch (cause) {
    throw new BadConfig('--to is not of the form esdb://user:password@host:2113', { cause });
  }
};

/**
 * Copies the log after a position to another server, in order, with the events' ids. To copy again
 * what is there already changes nothing. Says after every page how far it has got.
 * @throws {TargetDiffers | BadConfig}, or what the target said.
 */
export const copyLog = async function* (
  { connection, log }: { readonly connection: Connection; readonly log: RawLog },
  to: string,
  after: bigint,
): AsyncGenerator<Copied> {
  const target = targetAt(to);
  const copy = copying(connection, target);
  let [copied, leftOut, position] = [0, 0, after];
  try {
    for (let more = true; more;) {
      const page = await log.page(position);
      const ours = page.events.filter(({ streamId }) => !isOfTheSystem(streamId));
      await copy(ours);
      [position, more] = [page.upTo, page.more];
      copied += ours.length;
      leftOut += page.events.length - ours.length;
      yield { upTo: position, copied, leftOut };
    }
  } finally {
    await target.dispose();
  }
};
