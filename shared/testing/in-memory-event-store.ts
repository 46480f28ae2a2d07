import { EventEmitter, once } from 'node:events';
import { asPages, forTheLog, inClear, stillSealed, type AtRest } from '#shared/kernel/at-rest.ts';
import {
  BEGINNING,
  categoryOf,
  StreamMoved,
  type EventStore,
  type Page,
  type Revision,
} from '#shared/kernel/event-store.ts';
import { eventId } from '#shared/kernel/identity.ts';
import type { Contract, Message, MessageOf, Meta, Schemas } from '#shared/kernel/message.ts';
import { inMemoryKeys } from './in-memory-keys.ts';

/** Positions of a real log have gaps too: they are there to be compared, not to be counted. */
const STRIDE = 100n;

const positionOf = ({ position }: AtRest) => position;

type Written = Message & { readonly id: string; readonly version: number };

const lastOf = (stream: readonly AtRest[]): Revision => stream.at(-1)?.revision ?? 'no-stream';

/** Where the very same append, made before, had got the stream to; as a real store tells it. */
const repeatOf = (
  stream: readonly AtRest[],
  expected: Revision,
  events: readonly Written[],
): AtRest | undefined => {
  const from = expected === 'no-stream' ? 0 : Number(expected) + 1;
  const there = stream.slice(from, from + events.length);
  const same = there.length === events.length && there.every(({ id }, n) => id === events[n]?.id);
  return same ? there.at(-1) : undefined;
};

const emptyLog = () => {
  const all: AtRest[] = [];
  const streams = new Map<string, AtRest[]>();
  const changes = new EventEmitter().setMaxListeners(0);
  const end = () => all.at(-1)?.position ?? BEGINNING;

  return {
    all: all as readonly AtRest[],
    end,
    streamOf: (stream: string): readonly AtRest[] => streams.get(stream) ?? [],
    add: (stream: string, events: readonly Written[], meta: Meta) => {
      const there = streams.get(stream) ?? [];
      streams.set(stream, there);
      for (const event of events) {
        const revision = BigInt(there.length);
        const position = end() + STRIDE;
        // What is not JSON does not survive a real log either.
        const data = JSON.parse(JSON.stringify(event.data)) as Message['data'];
        const added = { ...event, data, meta, stream, revision, position };
        there.push(added);
        all.push(added);
      }
      changes.emit('appended');
    },
    /** Until something is added, or there is no more use in waiting. */
    change: (signal: AbortSignal) =>
      once(changes, 'appended', { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      }),
  };
};
type Log = ReturnType<typeof emptyLog>;

const pagesOf = (log: Log, largestPage: number): EventStore['pages'] =>
  async function* <S extends Schemas>(
    contract: Contract<S>,
    after: bigint,
    follow?: AbortSignal,
  ): AsyncGenerator<Page<MessageOf<S>>> {
    const next = log.all.findIndex(({ position }) => position > after);
    let index = next < 0 ? log.all.length : next;
    while (!follow?.aborted) {
      const stretch = log.all.slice(index, index + largestPage);
      if (stretch.length > 0) {
        index += stretch.length;
        yield* asPages(stretch, positionOf, (event) =>
          contract.categories.has(categoryOf(event.stream))
            ? stillSealed(contract, event)
            : undefined,
        );
      } else if (follow) await log.change(follow);
      else return;
    }
  };

/** One log for the length of a spec. Keeps, seals and refuses as a real one does. */
export const inMemoryEventStore = ({
  keys = inMemoryKeys(),
  largestPage = 1_000,
} = {}): EventStore => {
  const log = emptyLog();

  return {
    read: async <S extends Schemas>(stream: string, contract: Contract<S>) => {
      const found = [...log.streamOf(stream)];
      return { events: await inClear(contract, found, keys), revision: lastOf(found) };
    },

    append: async (stream, contract, events, { expected, meta }) => {
      const messages = await forTheLog(contract, stream, events, keys);
      const written = messages.map(({ type, data }, index) => ({
        type,
        data,
        id: eventId(meta, stream, index),
        version: contract.versionOf(type),
      }));
      const there = log.streamOf(stream);
      if (lastOf(there) !== expected) {
        const repeated = repeatOf(there, expected, written);
        if (!repeated) throw new StreamMoved(stream, { now: lastOf(there) });
        return { revision: repeated.revision, position: repeated.position };
      }
      log.add(stream, written, meta);
      return { revision: BigInt(log.streamOf(stream).length - 1), position: log.end() };
    },

    pages: pagesOf(log, largestPage),
    end: () => Promise.resolve(log.end()),
  };
};
