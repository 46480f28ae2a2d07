import type { Key, RangeOptions } from 'lmdb';
import { idKey } from './keys.ts';
import { positionOf } from './record.ts';
import { decodeEntry, decodeRevision, type Entry, type Stores } from './stores.ts';

export type Direction = 'forwards' | 'backwards';

const LARGEST_PAGE = 64;
const LARGEST_PAGE_BYTES = 1024 * 1024;

/**
 * A range without an end of its own, in either direction. `end: undefined` is not the same as no
 * `end`: without it, one backwards misses key zero. The types do not know of other kinds of keys.
 */
export const everythingFrom = (start: Key): RangeOptions =>
  ({ start, end: undefined }) as unknown as RangeOptions;

const range = (start: Key, direction: Direction, limit = LARGEST_PAGE): RangeOptions => ({
  ...everythingFrom(start),
  reverse: direction === 'backwards',
  limit,
});

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

export const reading = ({ records, places, ids }: Pick<Stores, 'records' | 'places' | 'ids'>) => ({
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
    from < 0 ? [] : fill(records.getRange(range(from, direction)).map(({ value }) => value)),
  streamPage: (stream: number, from: number, direction: Direction): Buffer[] =>
    from < 0
      ? []
      : fill(
          places
            .getRange(range([stream, from], direction))
            .map(({ key, value }) =>
              key[0] === stream ? records.get(decodeEntry(value).position) : undefined,
            ),
        ),
});

export const lastRecord = ({ records }: Stores): Buffer | undefined => {
  const start = Number.MAX_SAFE_INTEGER;
  for (const { value } of records.getRange(range(start, 'backwards', 1))) return value;
  return undefined;
};

/**
 * What was committed last, kept for those who follow: they all want it at once, and it is here.
 * Nothing where a reader wants something else, or where it is too much to keep.
 */
export const tailOf = (
  records: readonly Buffer[],
): ((from: number, direction: Direction) => Buffer[] | undefined) => {
  const [first] = records;
  const size = records.reduce((sum, { length }) => sum + length, 0);
  if (!first || size > LARGEST_PAGE_BYTES) return () => undefined;
  const start = positionOf(first);
  return (from, direction) =>
    direction === 'backwards' || from < start
      ? undefined
      : records.filter((record) => positionOf(record) >= from);
};
