import type { PlainRows } from './ports.ts';

/** A record of a statement as it stands there, before anybody asks what it means. */
export type RawRecord = {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** By the names of the columns that are wanted; `malformed` where it is no record at all. */
  readonly fields: readonly (string | undefined)[] | 'malformed' | 'columns';
};

/** What came of a piece of a statement; a record is in one of the two, and the order is lost. */
export type Records = {
  readonly records: readonly RawRecord[];
  readonly plain: readonly PlainRows[];
};

/** Longer than any row there can be: an open quote must not make one row of all the rest. */
export const LONGEST_RECORD = 65_536;

/** The first line does not say which columns there are. */
export class BadHeader extends Error {
  override readonly name = 'BadHeader';
}
