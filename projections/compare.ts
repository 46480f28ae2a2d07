import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Place, Row, Table } from './rows.ts';

const CHUNK = 5_000;
/** So many differences are shown in full; all are counted. */
const SHOWN = 20;

/** One row that is not the same: its columns that differ, as they are live and as rebuilt. */
export type Difference = {
  readonly key: string;
  readonly live: Row | undefined;
  readonly rebuilt: Row | undefined;
};

export type Comparison = {
  readonly rows: { readonly live: number; readonly rebuilt: number };
  /** SHA-256 over all rows in the order of their keys: to be kept, and held against later ones. */
  readonly checksums: { readonly live: string; readonly rebuilt: string };
  readonly onlyLive: number;
  readonly onlyRebuilt: number;
  readonly different: number;
  /** The first ones, in the order of their keys. */
  readonly first: readonly Difference[];
};

export const isSame = ({ onlyLive, onlyRebuilt, different }: Comparison): boolean =>
  onlyLive + onlyRebuilt + different === 0;

type Digest = { readonly key: string; readonly digest: string };
type Side = { readonly tx: Knex.Transaction; readonly place: Place };

const columnsOf = async ({ tx, place }: Side, { table }: Table): Promise<readonly string[]> => {
  const names: unknown = await tx('information_schema.columns')
    .where({ table_schema: place, table_name: table })
    .pluck('column_name');
  return names as string[];
};

/** All rows as digests, in the order of their keys, a chunk at a time. */
const digests = async function* (
  { tx, place }: Side,
  { table, key }: Table,
  columns: readonly string[],
): AsyncGenerator<Digest> {
  const names = columns.map(() => '??').join(', ');
  await tx.raw(
    `declare ?? no scroll cursor for
     select ??::text collate "C" as key, md5(row(${names})::text) as digest
       from ??.?? order by 1`,
    [`${place}_rows`, key, ...columns, place, table],
  );
  for (;;) {
    const { rows } = await tx.raw<{ readonly rows: readonly Digest[] }>(`fetch ${CHUNK} from ??`, [
      `${place}_rows`,
    ]);
    if (rows.length === 0) return;
    yield* rows;
  }
};

/** Bytewise, as Postgres orders text with the collation "C". */
const order = (one: string, other: string): number =>
  one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other));

type Pair = readonly [live: Digest | undefined, rebuilt: Digest | undefined];

/** Goes through both sides at once; rows of the same key come as a pair. */
const pairs = async function* (
  live: AsyncGenerator<Digest>,
  rebuilt: AsyncGenerator<Digest>,
): AsyncGenerator<Pair> {
  const next = async (side: AsyncGenerator<Digest>): Promise<Digest | undefined> => {
    const found = await side.next();
    return found.done ? undefined : found.value;
  };
  let [one, other] = [await next(live), await next(rebuilt)];
  while (one ?? other) {
    const side = one && other ? order(one.key, other.key) : one ? -1 : 1;
    const pair: Pair = [side <= 0 ? one : undefined, side >= 0 ? other : undefined];
    yield pair;
    if (side <= 0) one = await next(live);
    if (side >= 0) other = await next(rebuilt);
  }
};

const rowAt = async (
  { tx, place }: Side,
  { table, key }: Table,
  columns: readonly string[],
  at: string,
): Promise<Row | undefined> => {
  const row: unknown = await tx(table)
    .withSchema(place)
    .whereRaw('??::text = ?', [key, at])
    .first([...columns]);
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

const checksum = () => {
  const hash = createHash('sha256');
  return {
    add: (row: Digest | undefined) => {
      if (row) hash.update(`${row.digest} ${row.key}\n`);
    },
    end: () => hash.digest('hex'),
  };
};

const verdictOn = ([live, rebuilt]: Pair) => {
  if (!rebuilt) return 'onlyLive';
  if (!live) return 'onlyRebuilt';
  return live.digest === rebuilt.digest ? 'same' : 'different';
};

/**
 * Holds a live table against its shadow, row by row, over the columns that both have. Each side
 * is read in a transaction that sees it as it stands at the same position of the log.
 */
export const compare = async (
  view: Table,
  txs: { readonly live: Knex.Transaction; readonly shadow: Knex.Transaction },
  signal?: AbortSignal,
): Promise<Comparison> => {
  const live: Side = { tx: txs.live, place: 'public' };
  const shadow: Side = { tx: txs.shadow, place: 'shadow' };
  const theirs = new Set(await columnsOf(shadow, view));
  const columns = (await columnsOf(live, view)).filter((column) => theirs.has(column));
  const count = { same: 0, onlyLive: 0, onlyRebuilt: 0, different: 0 };
  const first: Difference[] = [];

  const sums = { live: checksum(), rebuilt: checksum() };
  const sides = [digests(live, view, columns), digests(shadow, view, columns)] as const;
  for await (const pair of pairs(...sides)) {
    signal?.throwIfAborted();
    sums.live.add(pair[0]);
    sums.rebuilt.add(pair[1]);
    const verdict = verdictOn(pair);
    count[verdict] += 1;
    const key = pair[0]?.key ?? pair[1]?.key;
    if (verdict === 'same' || key === undefined || first.length >= SHOWN) continue;
    const was = await rowAt(live, view, columns, key);
    const is = await rowAt(shadow, view, columns, key);
    first.push({ key, live: differing(was, is), rebuilt: differing(is, was) });
  }

  const { same, onlyLive, onlyRebuilt, different } = count;
  const rows = { live: same + different + onlyLive, rebuilt: same + different + onlyRebuilt };
  const checksums = { live: sums.live.end(), rebuilt: sums.rebuilt.end() };
  return { rows, checksums, onlyLive, onlyRebuilt, different, first };
};
