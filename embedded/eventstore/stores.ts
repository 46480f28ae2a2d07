import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import { BadConfig } from '#shared/platform/config.ts';
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
  /** Or it can only be read: whoever tries to write hears why not. */
  readonly writable: boolean;
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

/** Changes with everything here that an older version could not read. */
const LAYOUT = 1;

export const fileIn = (directory: string): string => join(directory, FILE);

/** A log that is there, but in a directory or a file that we may not write to. */
const isSealed = (directory: string): boolean => {
  const file = fileIn(directory);
  if (!existsSync(file)) return false;
  try {
    for (const path of [directory, file]) accessSync(path, constants.W_OK);
    return false;
  } catch {
    return true;
  }
};

const openRoot = (directory: string, readOnly: boolean): RootDatabase => {
  try {
    return open({
      path: fileIn(directory),
      noSubdir: true,
      readOnly,
      maxDbs: 8,
      // Else a commit is answered, and seen by readers, before it is on disk.
      overlappingSync: false,
      // Else a commit that fails also fails a promise inside the library that nobody can catch.
      eventTurnBatching: false,
    });
  } catch (error) {
    throw new BadConfig(
      `The event log in ${directory} cannot be opened (${String(error)}): make it readable and writable, or set LASTRO_DATA_DIR to another directory`,
    );
  }
};

const layoutOf = (about: Stores['about']): number => Number(about.get('layout') ?? LAYOUT);

/**
 * To look at only, or to write to where that is possible.
 * @throws {BadConfig} when the directory cannot be used, or was written by another version.
 */
export const openStores = (directory: string, { readOnly = isSealed(directory) } = {}): Stores => {
  if (readOnly && !existsSync(fileIn(directory)))
    throw new BadConfig(`There is no event log in ${directory}`);
  const root = openRoot(directory, readOnly);
  const records = { name: 'records', encoding: 'binary', keyEncoder: positionKeys } as const;
  const places = { name: 'places', encoding: 'binary', keyEncoder: placeKeys } as const;
  const stores = {
    root,
    writable: !readOnly,
    records: root.openDB<Buffer, number>(records),
    places: root.openDB<Buffer, PlaceKey>(places),
    ids: root.openDB<Buffer, Buffer>({ name: 'ids', encoding: 'binary', keyEncoding: 'binary' }),
    heads: root.openDB<Head, Buffer>({ name: 'heads', encoding: 'json', keyEncoding: 'binary' }),
    about: root.openDB<unknown, string>({ name: 'about', encoding: 'json' }),
  };
  const layout = layoutOf(stores.about);
  if (layout !== LAYOUT) {
    void root.close();
    throw new BadConfig(
      `The event log in ${directory} has layout ${layout}, this version reads ${LAYOUT}: run the version that wrote it, or set LASTRO_DATA_DIR to another directory`,
    );
  }
  if (!readOnly) stores.about.putSync('layout', LAYOUT);
  return stores;
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
