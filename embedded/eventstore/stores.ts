import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import { placeKeys, positionKeys, type PlaceKey } from './keys.ts';
import type { Retention } from './retention.ts';

/** What is known of a stream without reading any of its events. */
export type Head = {
  /** Stands for the name in keys. Never given to another stream. */
  readonly number: number;
  /** The revision of its last event; -1 when only its metadata was ever written. */
  readonly last: number;
  readonly tombstoned: boolean;
  /** What its metadata says; nothing when it has none. */
  readonly retention?: Retention;
};

/** Where an event of a stream is in the log. */
export type Entry = { readonly position: number; readonly id: Buffer };

/** How it lies on disk: one LMDB file, and beside it the lock that LMDB keeps. */
export type Stores = {
  readonly root: RootDatabase;
  /** Position -> record. */
  readonly records: Database<Buffer, number>;
  /** Stream and revision -> entry. */
  readonly places: Database<Buffer, PlaceKey>;
  /** Stream and event id -> revision. */
  readonly ids: Database<Buffer, Buffer>;
  /** Name -> head. */
  readonly heads: Database<Head, Buffer>;
  readonly about: Database<unknown, string>;
};

const FILE = 'log.mdb';

/** @throws when the directory cannot be written, or holds something else. */
export const openStores = (directory: string): Stores => {
  const root = open({
    path: join(directory, FILE),
    noSubdir: true,
    maxDbs: 8,
    // With overlapping syncs a commit would be answered, and seen by readers, before it is on disk.
    overlappingSync: false,
  });
  const records = { name: 'records', encoding: 'binary', keyEncoder: positionKeys } as const;
  const places = { name: 'places', encoding: 'binary', keyEncoder: placeKeys } as const;
  return {
    root,
    records: root.openDB<Buffer, number>(records),
    places: root.openDB<Buffer, PlaceKey>(places),
    ids: root.openDB<Buffer, Buffer>({ name: 'ids', encoding: 'binary', keyEncoding: 'binary' }),
    heads: root.openDB<Head, Buffer>({ name: 'heads', encoding: 'json', keyEncoding: 'binary' }),
    about: root.openDB<unknown, string>({ name: 'about', encoding: 'json' }),
  };
};

export const encodeEntry = ({ position, id }: Entry): Buffer => {
  const value = Buffer.allocUnsafe(24);
  value.writeDoubleBE(position);
  value.set(id, 8);
  return value;
};

export const decodeEntry = (value: Buffer): Entry => ({
  position: value.readDoubleBE(),
  id: value.subarray(8),
});

export const encodeRevision = (revision: number): Buffer => {
  const value = Buffer.allocUnsafe(8);
  value.writeDoubleBE(revision);
  return value;
};

export const decodeRevision = (value: Buffer): number => value.readDoubleBE();
