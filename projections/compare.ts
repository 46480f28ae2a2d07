import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Place, Row, Table } from './rows.ts';

const CHUNK = 5_000;
/** So many differences are shown in full; all are counted. */
const SHOWN = 20;
/** For each of the two tables; what is more is put aside on disk. */
const SORTED_IN_MEMORY = '64MB';

/** One row that is not the same: its columns that differ, as they are live and as rebuilt. */
export type Difference = {
  readonly key: string;
  readonly live: Row | undefined;
  readonly rebuilt: Row | undefined;
};

export type Comparison = {
  readonly rows: { readonly live: number; readonly rebuilt: number };
  /**
   * SHA-256 over all rows in the order of their keys: to be kept, and held against later ones. Only
   * where it is asked for: it takes longer than finding differences.
   */
  readonly checksums?: { readonly live: string; readonly rebuilt: string };
  readonly onlyLive: number;
  readonly onlyRebuilt: number;
  readonly different: number;
  /** The first ones, in the order of their keys. */
  readonly first: readonly Difference[];
};

export const isSame = ({ onlyLive, onlyRebuilt, different }: Comparison): boolean =>
  onlyLive + onlyRebuilt + different === 0;

type Column = { readonly name: string; readonly isAlike: boolean };

/** The columns that both tables have; of another type on one side, they are compared as text. */
const sharedColumns = async (tx: Knex, { table }: Table): Promise<readonly Column[]> => {
  const { rows } = await tx.raw<{ readonly rows: readonly Column[] }>(
    `select column_name as name, l.udt_name = s.udt_name as "isAlike"
       from information_schema.columns l
       join information_schema.columns s using (table_name, column_name)
      where table_name = ? and l.table_schema = 'public' and s.table_schema = 'shadow'
      order by l.ordinal_position`,
    [table],
  );
  return rows;
};

/** SQL of both tables side by side, `l` and `s`, and of whether two rows are not the same. */
const sideBySide = ({ table, key }: Table, columns: readonly Column[]) => {
  const of = (side: 'l' | 's', { name, isAlike }: Column) =>
    `${side}."${name}"${isAlike ? '' : '::text'}`;
  const row = (side: 'l' | 's') =>
    `row(${columns.map((column) => of(side, column)).join(', ')})::record`;
  const id = columns.find(({ name }) => name === key) ?? { name: key, isAlike: true };
  return {
    both: `public."${table}" l full join shadow."${table}" s on ${of('l', id)} = ${of('s', id)}`,
    onlyLive: `s."${key}" is null`,
    onlyRebuilt: `l."${key}" is null`,
    // Bit by bit: there are types, like json, that know no other equality.
    differ: `${row('l')} *<> ${row('s')}`,
    key: `coalesce(l."${key}"::text, s."${key}"::text) collate "C"`,
  };
};
type SideBySide = ReturnType<typeof sideBySide>;

type Counts = Readonly<
  Record<'live' | 'rebuilt' | 'onlyLive' | 'onlyRebuilt' | 'different', number>
>;

/** One pass of the database over both, in whatever order suits it. */
const counted = async (tx: Knex, sql: SideBySide): Promise<Counts> => {
  const { onlyLive, onlyRebuilt, differ } = sql;
  const { rows } = await tx.raw<{ readonly rows: readonly Readonly<Record<string, string>>[] }>(
    `select count(*) filter (where not (${onlyRebuilt})) as live,
            count(*) filter (where not (${onlyLive})) as rebuilt,
            count(*) filter (where ${onlyLive}) as "onlyLive",
            count(*) filter (where ${onlyRebuilt}) as "onlyRebuilt",
            count(*) filter (where not (${onlyLive}) and not (${onlyRebuilt}) and ${differ})
              as different
       from ${sql.both}`,
  );
  const numbers = Object.entries(rows[0] ?? {}).map(([name, count]) => [name, Number(count)]);
  return Object.fromEntries(numbers) as Counts;
};

const firstKeys = async (tx: Knex, sql: SideBySide): Promise<readonly string[]> => {
  const { rows } = await tx.raw<{ readonly rows: readonly { readonly key: string }[] }>(
    `select ${sql.key} as key from ${sql.both}
      where ${sql.onlyLive} or ${sql.onlyRebuilt} or ${sql.differ} order by 1 limit ${SHOWN}`,
  );
  return rows.map(({ key }) => key);
};

const rowAt = async (
  tx: Knex,
  place: Place,
  { table, key }: Table,
  columns: readonly Column[],
  at: string,
): Promise<Row | undefined> => {
  const row: unknown = await tx(table)
    .withSchema(place)
    .whereRaw('??::text = ?', [key, at])
    .first(columns.map(({ name }) => name));
  return row as Row | undefined;
};

/** Whether two values would be shown as the same; dates and objects are compared by content. */
const alike = (one: unknown, other: unknown): boolean =>
  JSON.stringify([one]) === JSON.stringify([other]);

const differing = (row: Row | undefined, other: Row | undefined): Row | undefined =>
  row && other
    ? Object.fromEntries(
        Object.entries(row).filter(([column, value]) => !alike(value, other[column])),
      )
    : row;

type Digest = { readonly key: string; readonly digest: string };

/** Over all rows in the order of their keys, a chunk at a time. */
const checksumOf = async (
  tx: Knex,
  place: Place,
  { table, key }: Table,
  columns: readonly Column[],
  signal: AbortSignal | undefined,
): Promise<string> => {
  const hash = createHash('sha256');
  const names = columns.map(() => '??').join(', ');
  const cursor = `${place}_rows`;
  await tx.raw(
    `declare ?? no scroll cursor for
     select ??::text collate "C" as key, md5(row(${names})::text) as digest
       from ??.?? order by 1`,
    [cursor, key, ...columns.map(({ name }) => name), place, table],
  );
  for (;;) {
    signal?.throwIfAborted();
    const { rows } = await tx.raw<{ readonly rows: readonly Digest[] }>(`fetch ${CHUNK} from ??`, [
      cursor,
    ]);
    if (rows.length === 0) return hash.digest('hex');
    for (const { digest, key: id } of rows) hash.update(`${digest} ${id}\n`);
  }
};

type Options = { readonly checksums?: boolean; readonly signal?: AbortSignal };

/**
 * Holds a live table against its shadow, row by row, over the columns that both have, as a
 * transaction sees them that began when both stood at the same position of the log.
 */
export const compare = async (
  view: Table,
  tx: Knex.Transaction,
  { checksums = false, signal }: Options,
): Promise<Comparison> => {
  const columns = await sharedColumns(tx, view);
  const sql = sideBySide(view, columns);
  await tx.raw(`set local work_mem = '${SORTED_IN_MEMORY}'`);
  const { live, rebuilt, ...differences } = await counted(tx, sql);
  const found = { rows: { live, rebuilt }, ...differences };
  const { onlyLive, onlyRebuilt, different } = differences;
  const isAlike = onlyLive + onlyRebuilt + different === 0;

  const first: Difference[] = [];
  for (const key of isAlike ? [] : await firstKeys(tx, sql)) {
    signal?.throwIfAborted();
    const was = await rowAt(tx, 'public', view, columns, key);
    const is = await rowAt(tx, 'shadow', view, columns, key);
    first.push({ key, live: differing(was, is), rebuilt: differing(is, was) });
  }
  if (!checksums) return { ...found, first };

  const sum = (place: Place) => checksumOf(tx, place, view, columns, signal);
  const ofLive = await sum('public');
  // Rows that are the same bit by bit have the same text.
  const ofRebuilt = isAlike ? ofLive : await sum('shadow');
  return { ...found, first, checksums: { live: ofLive, rebuilt: ofRebuilt } };
};
