import { createHash } from 'node:crypto';
import type { Source } from './categories.ts';
import { csvRecords } from './csv.ts';
import { ndjsonRecords } from './ndjson.ts';
import type { RawRecord } from './records.ts';
import { COLUMNS, neededOf, rowOf, type ReadRow, type WhyUnreadable } from './rows.ts';

/** As a statement is sent. */
export const FORMATS = { 'text/csv': csvRecords, 'application/x-ndjson': ndjsonRecords } as const;
export type Format = keyof typeof FORMATS;

export type StatementRow = {
  readonly line: number;
  readonly row: ReadRow | WhyUnreadable;
};

const texts = async function* (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // It takes a byte order mark away.
  const utf8 = new TextDecoder();
  for await (const chunk of bytes) yield utf8.decode(chunk, { stream: true });
  const last = utf8.decode();
  if (last !== '') yield last;
};

/** A statement read once, from its first byte to its last, and what is known of it then. */
export type Reading = {
  /** A batch as soon as it is there. @throws {BadHeader} */
  readonly rows: AsyncIterable<readonly StatementRow[]>;
  /** Of what was read until now. */
  readonly read: () => {
    readonly sha256: string;
    readonly rows: number;
    readonly unreadable: number;
  };
};

export const reading = (
  bytes: AsyncIterable<Uint8Array>,
  source: Source,
  format: Format,
): Reading => {
  const hash = createHash('sha256');
  let rows = 0;
  let unreadable = 0;

  const hashed = async function* () {
    for await (const chunk of bytes) {
      hash.update(chunk);
      yield chunk;
    }
  };
  const understood = (record: RawRecord): StatementRow => {
    const row = rowOf(source, record);
    rows += 1;
    if (typeof row === 'string') unreadable += 1;
    return { line: record.line, row };
  };
  const batches = async function* () {
    const records = FORMATS[format](texts(hashed()), COLUMNS[source], neededOf(source));
    for await (const batch of records) if (batch.length > 0) yield batch.map(understood);
  };

  return {
    rows: batches(),
    read: () => ({ sha256: hash.copy().digest('hex'), rows, unreadable }),
  };
};
