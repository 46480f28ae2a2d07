import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Knex } from 'knex';
import type { PoolClient } from 'pg';
import { from } from 'pg-copy-streams';
import { jsonOf, type Place, type Row, type Table } from './rows.ts';

/** Characters that travel at a time; a row is never split. */
const LARGEST_CHUNK = 64 * 1024;

type Column = { readonly name: string; readonly isJson: boolean };

/** The columns of a table in their order, and which of them hold JSON. */
export const columnsOf = async (
  db: Knex,
  { table }: Pick<Table, 'table'>,
  place: Place,
): Promise<readonly Column[]> => {
  const { rows } = await db.raw<{ readonly rows: readonly Column[] }>(
    `select column_name as name, data_type in ('json', 'jsonb') as "isJson"
       from information_schema.columns
      where table_schema = ? and table_name = ? order by ordinal_position`,
    [place, table],
  );
  return rows;
};

const SPECIAL = /[\\\n\r\t\0]/;
const ESCAPED: Readonly<Record<string, string>> = {
  ...{ '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' },
  // Postgres cannot keep it. The log has it as it was.
  '\0': '\ufffd',
};
const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replaceAll(/[\\\n\r\t\0]/g, (sign) => ESCAPED[sign] ?? sign) : text;

const plain = (value: unknown): string => {
  if (typeof value === 'string') return escaped(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  throw new TypeError(`Only a column of JSON takes a value of type ${typeof value}`);
};

const fieldOf = (value: unknown, isJson: boolean): string => {
  if (value === null || value === undefined) return '\\N';
  return isJson ? escaped(jsonOf(value)) : plain(value);
};

/** In the text format of COPY: a line for each row, tabs between the columns. */
const lines = function* (rows: Iterable<Row>, columns: readonly Column[]): Generator<Buffer> {
  let chunk = '';
  for (const row of rows) {
    let separator = '';
    for (const { name, isJson } of columns) {
      chunk += separator + fieldOf(row[name], isJson);
      separator = '\t';
    }
    chunk += '\n';
    if (chunk.length < LARGEST_CHUNK) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk !== '') yield Buffer.from(chunk);
};

/**
 * Writes rows that are not in a table yet by COPY, which costs the server a fraction of an insert.
 * Every column is written: what a row does not name is null.
 */
export const copyRows = async (
  tx: Knex.Transaction,
  { table }: Pick<Table, 'table'>,
  { place, columns }: { readonly place: Place; readonly columns: readonly Column[] },
  rows: Iterable<Row>,
): Promise<void> => {
  const names = columns.map(() => '??').join(', ');
  const copy = tx
    .raw(`copy ??.?? (${names}) from stdin`, [place, table, ...columns.map(({ name }) => name)])
    .toQuery();
  // A transaction of knex has one connection, and hands out just that one.
  const client = (await (tx.client as Knex.Client).acquireConnection()) as PoolClient;
  await pipeline(
    Readable.from(lines(rows, columns), { objectMode: false }),
    client.query(from(copy)),
  );
};
