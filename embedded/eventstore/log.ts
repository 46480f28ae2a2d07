import type { RangeOptions } from 'lmdb';
import { LRUCache } from 'lru-cache';
import { idKey, nameKey, type PlaceKey } from './keys.ts';
import { own } from './owner.ts';
import { positionOf } from './record.ts';
import {
  decodeEntry,
  decodeRevision,
  encodeEntry,
  encodeRevision,
  openStores,
  type Entry,
  type Head,
  type Stores,
} from './stores.ts';

export type Direction = 'forwards' | 'backwards';

/** All that one transaction adds: one record at least. */
export type Changes = {
  readonly records: readonly Buffer[];
  readonly entries: readonly (readonly [key: PlaceKey, entry: Entry])[];
  readonly heads: ReadonlyMap<string, Head>;
  /** The number that the next new stream gets. */
  readonly nextStream: number;
};

export type Log = {
  /** The position that the next record gets: all there is, is before it. */
  readonly end: () => number;
  /** The position of the last record; -1 when there is none. */
  readonly last: () => number;
  readonly nextStream: () => number;
  readonly head: (stream: string) => Head | undefined;
  readonly entry: (stream: number, revision: number) => Entry | undefined;
  readonly revisionOf: (stream: number, id: Uint8Array) => number | undefined;
  readonly record: (position: number) => Buffer | undefined;
  /** The records from a position on, as many as make a page; none at the end. */
  readonly page: (from: number, direction: Direction) => Buffer[];
  /** The same for one stream, from a revision on. */
  readonly streamPage: (stream: number, from: number, direction: Direction) => Buffer[];
  /** Resolves when all of it is on disk. Rejects when none of it is. One at a time. */
  readonly commit: (changes: Changes) => Promise<void>;
  /** Calls back after every commit, until told to stop. */
  readonly onCommit: (listener: () => void) => () => void;
  readonly close: () => Promise<void>;
};

const LARGEST_PAGE = 256;
const LARGEST_PAGE_BYTES = 1024 * 1024;
const MOST_CACHED_HEADS = 50_000;
const NEXT_STREAM = 'next-stream';

/** `end: undefined` is not the same as no `end`: without it, a range backwards misses key zero. */
const range = (direction: Direction, limit = LARGEST_PAGE) =>
  ({ end: undefined, reverse: direction === 'backwards', limit }) as unknown as RangeOptions;

/** Takes no more than a page may hold in memory, and always something if there is something. */
const fill = (records: Iterable<Buffer | undefined>): Buffer[] => {
  const page: Buffer[] = [];
  let bytes = 0;
  for (const record of records) {
    if (!record) break;
    page.push(record);
    bytes += record.length;
    if (bytes >= LARGEST_PAGE_BYTES) break;
  }
  return page;
};

const reading = ({ records, places, ids }: Stores) => ({
  entry: (stream: number, revision: number): Entry | undefined => {
    const value = places.get([stream, revision]);
    return value && decodeEntry(value);
  },
  revisionOf: (stream: number, id: Uint8Array): number | undefined => {
    const value = ids.get(idKey(stream, id));
    return value && decodeRevision(value);
  },
  record: (position: number): Buffer | undefined => records.get(position),
  page: (from: number, direction: Direction): Buffer[] =>
    from < 0
      ? []
      : fill(records.getRange({ ...range(direction), start: from }).map(({ value }) => value)),
  streamPage: (stream: number, from: number, direction: Direction): Buffer[] =>
    from < 0
      ? []
      : fill(
          places
            .getRange({ ...range(direction), start: [stream, from] })
            .map(({ key, value }) =>
              key[0] === stream ? records.get(decodeEntry(value).position) : undefined,
            ),
        ),
});

/** A record at the end of the log takes no search, and fills its page. The types do not know it. */
type AppendRecord = (key: number, value: Buffer, how: { append: true }) => Promise<boolean>;

/** Why a commit failed comes after the failure, in a promise that nobody else would await. */
const withReason = async (error: unknown): Promise<never> => {
  if (error instanceof Error && 'commitError' in error)
    await (error.commitError as Promise<unknown>);
  throw error;
};

const writing = ({ root, records, places, ids, heads, about }: Stores) => {
  const append = records.put.bind(records) as unknown as AppendRecord;

  return async (changes: Changes): Promise<void> => {
    const appended: Promise<boolean>[] = [];
    const committed = root.batch(() => {
      for (const record of changes.records)
        appended.push(append(positionOf(record), record, { append: true }));
      for (const [key, entry] of changes.entries) {
        void places.put(key, encodeEntry(entry));
        void ids.put(idKey(key[0], entry.id), encodeRevision(key[1]));
      }
      for (const [name, head] of changes.heads) void heads.put(nameKey(name), head);
      void about.put(NEXT_STREAM, changes.nextStream);
    });
    const inOrder = await Promise.all([committed, ...appended]).catch(withReason);
    if (inOrder.includes(false)) throw new Error('A record was not written at the end of the log');
  };
};

/** Positions count bytes, as those of the real server do, so that nobody takes them for indexes. */
const boundsAfter = (record: Buffer | undefined) =>
  record
    ? { last: positionOf(record), end: positionOf(record) + record.length }
    : { last: -1, end: 0 };

const lastRecord = ({ records }: Stores): Buffer | undefined => {
  const start = Number.MAX_SAFE_INTEGER;
  for (const { value } of records.getRange({ ...range('backwards', 1), start })) return value;
  return undefined;
};

const owned = ({ root, about }: Stores, directory: string): (() => void) => {
  try {
    return own(root, about, directory);
  } catch (error) {
    void root.close();
    throw error;
  }
};

/**
 * Opens the log in a directory for this process alone, or begins one.
 * @throws {BadConfig} when another process has it, or it cannot be used.
 */
export const openLog = (directory: string): Log => {
  const stores = openStores(directory);
  const giveBack = owned(stores, directory);
  const write = writing(stores);
  const cache = new LRUCache<string, Head>({ max: MOST_CACHED_HEADS });
  const listeners = new Set<() => void>();
  let bounds = boundsAfter(lastRecord(stores));
  let nextStream = Number(stores.about.get(NEXT_STREAM) ?? 0);

  const settle = (changes: Changes): void => {
    bounds = boundsAfter(changes.records.at(-1));
    nextStream = changes.nextStream;
    for (const [name, head] of changes.heads) cache.set(name, head);
    // Whoever is called back must not read from a snapshot of before.
    stores.root.resetReadTxn();
    for (const listener of [...listeners]) listener();
  };

  return {
    ...reading(stores),
    end: () => bounds.end,
    last: () => bounds.last,
    nextStream: () => nextStream,
    head: (stream) => {
      const cached = cache.get(stream);
      if (cached) return cached;
      const stored = stores.heads.get(nameKey(stream));
      if (stored) cache.set(stream, stored);
      return stored;
    },
    commit: async (changes) => {
      await write(changes);
      settle(changes);
    },
    onCommit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      giveBack();
      await stores.root.close();
    },
  };
};
