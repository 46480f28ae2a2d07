import { createHash } from 'node:crypto';
import { cpfOfNumber } from '#shared/kernel/cpf.ts';
import type { Source } from './categories.ts';
import { csvRecords } from './csv.ts';
import { ndjsonRecords } from './ndjson.ts';
import { plainReader } from './plain.ts';
import type { PlainRows } from './ports.ts';
import type { RawRecord } from './records.ts';
import { COLUMNS, neededOf, rowOf, type ReadRow, type WhyUnreadable } from './rows.ts';

/** As a statement is sent. */
export const FORMATS = { 'text/csv': csvRecords, 'application/x-ndjson': ndjsonRecords } as const;
export type Format = keyof typeof FORMATS;

export type StatementRow = {
  readonly line: number;
  readonly row: ReadRow | WhyUnreadable;
};

/** A row is in one of the two. Plain rows can all be read. */
export type StatementBatch = {
  readonly rows: readonly StatementRow[];
  readonly plain: readonly PlainRows[];
};

const plainRow = (plain: PlainRows, nth: number): StatementRow => {
  const number = (column: Int32Array | Float64Array) => column[nth] ?? 0;
  const text = (from: number, to: number) => Buffer.from(plain.bytes.subarray(from, to)).toString();
  const [idFrom, idTo] = [number(plain.idFrom), number(plain.idTo)];
  const row = {
    id: idFrom === idTo ? undefined : text(idFrom, idTo),
    document: cpfOfNumber(number(plain.document)),
    amountInCents: number(plain.cents),
    at: text(number(plain.atFrom), number(plain.atTo)),
  };
  return { line: number(plain.line), row };
};

/** All rows of a batch one by one, in the order of their lines: for whoever has few of them. */
export const rowsOf = ({ rows, plain }: StatementBatch): readonly StatementRow[] =>
  plain
    .flatMap((some) => Array.from({ length: some.count }, (_, nth) => plainRow(some, nth)))
    .concat(rows)
    .sort((one, other) => one.line - other.line);

/** An ERP's time has to be understood, and so its rows are looked at one by one. */
const PLAIN = { 'cashback-api': plainReader, erp: undefined } as const;

const texts = async function* (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // It takes a byte order mark away.
  const utf8 = new TextDecoder();
  for await (const chunk of bytes) yield utf8.decode(chunk, { stream: true });
  const last = utf8.decode();
  if (last !== '') yield last;
};

/** A statement read once, from its first byte to its last, and what is known of it then. */
export type Reading = {
  /** A batch as soon as it is there; `rowsOf` has all of its rows. @throws {BadHeader} */
  readonly batches: AsyncIterable<StatementBatch>;
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
    const [wanted, needed] = [COLUMNS[source], neededOf(source)];
    for await (const { records, plain } of FORMATS[format](
      texts(hashed()),
      wanted,
      needed,
      PLAIN[source],
    )) {
      for (const { count } of plain) rows += count;
      yield { rows: records.map(understood), plain };
    }
  };

  return {
    batches: batches(),
    read: () => ({ sha256: hash.copy().digest('hex'), rows, unreadable }),
  };
};
