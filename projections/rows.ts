import type { Knex } from 'knex';

/** A row as the driver reads it. */
export type Row = Readonly<Record<string, unknown>>;

/** A rebuild works in a schema of its own; tables and their indexes keep their names there. */
export type Place = 'public' | 'shadow';

export type Table = {
  readonly table: string;
  readonly key: string;
  readonly columns: (table: Knex.CreateTableBuilder) => void;
};

export const createTable = async (
  db: Knex,
  { table, columns }: Table,
  place: Place,
): Promise<void> => {
  await db.schema.withSchema(place).createTable(table, columns);
};

/** The rows with these keys, as many as there are of them. */
export const rowsOf = async (
  tx: Knex,
  { table, key }: Table,
  keys: readonly string[],
  place: Place,
): Promise<readonly Row[]> => {
  if (keys.length === 0) return [];
  const { rows } = await tx.raw<{ readonly rows: readonly Row[] }>(
    'select * from ??.?? where ?? = any(?)',
    [place, table, key, keys as string[]],
  );
  return rows;
};

const NOT_STORABLE = /\\u0000|\\ud[89a-f]/i;

/** In JSON a bigint goes as a string, which Postgres reads as what the column is. */
const asText = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

const storable = (name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : asText(name, value);

/**
 * Evidence may hold what Postgres cannot: NUL and half of a surrogate pair become U+FFFD here.
 * The log has them as they were.
 */
export const jsonOf = (value: unknown): string => {
  const json = JSON.stringify(value, asText);
  return NOT_STORABLE.test(json) ? JSON.stringify(value, storable) : json;
};

export const deleteRows = async (
  tx: Knex,
  { table, key }: Pick<Table, 'table' | 'key'>,
  keys: readonly string[],
  place: Place,
): Promise<void> => {
  if (keys.length > 0)
    await tx.raw('delete from ??.?? where ?? = any(?)', [place, table, key, keys as string[]]);
};

/** One upsert and at most one delete, of however many rows: the rows travel as one parameter. */
export const writeRows = async (
  tx: Knex,
  { table, key }: Table,
  { rows, gone }: { readonly rows: readonly Row[]; readonly gone: readonly string[] },
  place: Place,
): Promise<void> => {
  await deleteRows(tx, { table, key }, gone, place);
  if (rows.length === 0) return;

  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const names = columns.map(() => '??').join(', ');
  const others = columns.filter((column) => column !== key);
  const merged = others.map(() => '?? = excluded.??').join(', ');
  await tx.raw(
    `insert into ??.?? (${names}) select ${names}
       from json_populate_recordset(null::??.??, ?::json)
     on conflict (??) do ${others.length === 0 ? 'nothing' : `update set ${merged}`}`,
    [
      ...[place, table, ...columns, ...columns, place, table],
      ...[jsonOf(rows), key, ...others.flatMap((column) => [column, column])],
    ],
  );
};
