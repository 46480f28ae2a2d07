import { statfsSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import { recentIds, type IdCache } from './ids.ts';
import { idKey, nameKey, type PlaceKey } from './keys.ts';
import { lastRecord, reading, tailOf, type Direction } from './log-reading.ts';
import { own } from './owner.ts';
import { positionOf } from './record.ts';
import {
  encodeEntry,
  encodeRevision,
  openStores,
  type Entry,
  type Head,
  type Stores,
} from './stores.ts';

/** All that one transaction adds: one record at least. */
export type Changes = {
  readonly records: readonly Buffer[];
  readonly entries: readonly (readonly [key: PlaceKey, entry: Entry])[];
  readonly heads: ReadonlyMap<string, Head>;
  /** The number that the next new stream gets. */
  readonly nextStream: number;
};

export type Log = {
  /** Or it can only be read. */
  readonly writable: boolean;
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

const MOST_CACHED_HEADS = 50_000;
/** Under this key, in `about`, is the number that the next new stream gets. */
export const NEXT_STREAM = 'next-stream';

/** A record at the end of the log takes no search, and fills its page. The types do not know it. */
type AppendRecord = (key: number, value: Buffer, how: { append: true }) => Promise<boolean>;

/** With less, it is for want of room that nothing can be written, whatever the disk calls it. */
const LEAST_ROOM_BYTES = 16 * 1024 * 1024;

const isFull = (directory: string): boolean => {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize < LEAST_ROOM_BYTES;
};

/** Why a commit failed comes after the failure, in a promise that nobody else would await. */
const reasonOf = async (error: unknown): Promise<unknown> => {
  if (!(error instanceof Error && 'commitError' in error)) return error;
  return (error.commitError as Promise<unknown>).then(() => error).catch((why: unknown) => why);
};

const writing = (stores: Stores, directory: string) => {
  const { root, records, places, ids, heads, about, writable } = stores;
  if (!writable)
    return (): Promise<void> => {
      const reason = `${directory} can only be read: make it writable, and start again`;
      return Promise.reject(new Error(reason));
    };
  const explain = async (error: unknown): Promise<never> => {
    const cause = await reasonOf(error);
    const words = `There is no room left for ${directory}: make some, and appends go on`;
    throw isFull(directory) ? new Error(words, { cause }) : cause;
  };
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
    const inOrder = await Promise.all([committed, ...appended]).catch(explain);
    if (inOrder.includes(false)) throw new Error('A record was not written at the end of the log');
  };
};

/** Positions count bytes, as those of the real server do, so that nobody takes them for indexes. */
const boundsAfter = (record: Buffer | undefined) =>
  record
    ? { last: positionOf(record), end: positionOf(record) + record.length }
    : { last: -1, end: 0 };

const owned = (stores: Stores, directory: string): (() => void) => {
  try {
    return own(stores, directory);
  } catch (error) {
    void stores.root.close();
    throw error;
  }
};

export type LogOptions = { readonly idCache?: IdCache };

/**
 * Opens the log in a directory for this process alone, or begins one.
 * @throws {BadConfig} when another process has it, or it cannot be used.
 */
export const openLog = (directory: string, { idCache = 'durable' }: LogOptions = {}): Log => {
  const stores = openStores(directory);
  const giveBack = owned(stores, directory);
  const write = writing(stores, directory);
  const recent = idCache === 'volatile' ? recentIds() : undefined;
  const cache = new LRUCache<string, Head>({ max: MOST_CACHED_HEADS });
  const listeners = new Set<() => void>();
  let tail = tailOf([]);
  let bounds = boundsAfter(lastRecord(stores));
  let nextStream = Number(stores.about.get(NEXT_STREAM) ?? 0);

  const read = reading(stores);
  const settle = (changes: Changes): void => {
    tail = tailOf(changes.records);
    bounds = boundsAfter(changes.records.at(-1));
    nextStream = changes.nextStream;
    for (const [name, head] of changes.heads) cache.set(name, head);
    recent?.remember(changes.entries);
    // Whoever is called back must not read from a snapshot of before.
    stores.root.resetReadTxn();
    for (const listener of [...listeners]) listener();
  };

  return {
    ...read,
    page: (from, direction) => tail(from, direction) ?? read.page(from, direction),
    ...(recent && { revisionOf: recent.revisionOf }),
    writable: stores.writable,
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
