import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type {
  KeptRows,
  SealedDocuments,
  Statements,
  Unfinished,
} from '#shared/conciliation/ports.ts';
import {
  changesTable,
  documentsTable,
  itemsTable,
  KEPT,
  rowsTable,
} from '#shared/conciliation/tables.ts';
import type { StatementId } from '#shared/ids.ts';
import { COLUMNS, copied, copiedBlock, copiedPlain, FIRST_BYTES, LAST_BYTES } from './copying.ts';
import { statementTable } from './schema.ts';

/** Documents wait for the end of a COPY; so many blocks of them, some 50 KB each, are enough to end one. */
const BLOCKS_AT_ONCE = 128;

const copyInto = (
  client: PoolClient,
  into: string,
  format: 'binary' | 'text',
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> =>
  // Nobody sees the table before all of it is there: its rows need no second look at who may.
  pipeline(
    Readable.from(pieces, { objectMode: false }),
    client.query(copyFrom(`copy ${KEPT}.${into} from stdin with (freeze, format ${format})`)),
  );

/** What one COPY takes: the documents that came with its rows, and whether those were the last. */
type Stretch = { readonly documents: SealedDocuments[]; isLast: boolean };

/** Its rows, as they are sent. */
const rowsOf = async function* (
  stretch: Stretch,
  batches: AsyncIterator<KeptRows>,
): AsyncGenerator<Buffer> {
  yield FIRST_BYTES;
  while (!stretch.isLast && stretch.documents.length < BLOCKS_AT_ONCE) {
    const next = await batches.next();
    if (next.done === true) {
      stretch.isLast = true;
      break;
    }
    const { rows, plain, documents } = next.value;
    stretch.documents.push(...documents);
    for (const some of plain) yield copiedPlain(some);
    if (rows.length > 0) yield Buffer.concat(rows.map(copied));
  }
  yield LAST_BYTES;
};

const createTables = async (client: PoolClient, id: StatementId): Promise<void> => {
  await client.query(
    `create table ${KEPT}.${rowsTable(id)} (
       line integer not null, reason text, id text collate "C", subject uuid,
       amount bigint not null, at text collate "C", again boolean not null
     );
     create index on ${KEPT}.${rowsTable(id)} (line) where again;
     create table ${KEPT}.${documentsTable(id)} (
       block integer primary key generated always as identity,
       subjects uuid[] storage external not null, sealed text storage external not null
     )`,
  );
};

const fill = async (
  client: PoolClient,
  id: StatementId,
  rows: AsyncIterable<KeptRows>,
): Promise<void> => {
  // However long an upload takes, it is one statement; the sender's pace is others' to judge.
  await client.query('set local statement_timeout = 0');
  await client.query(`insert into ${statementTable} (id) values ($1)`, [id]);
  await createTables(client, id);
  const batches = rows[Symbol.asyncIterator]();
  let stretch: Stretch;
  try {
    do {
      stretch = { documents: [], isLast: false };
      await copyInto(client, `${rowsTable(id)} (${COLUMNS})`, 'binary', rowsOf(stretch, batches));
      const blocks = stretch.documents.map(copiedBlock);
      await copyInto(client, `${documentsTable(id)} (subjects, sealed)`, 'text', blocks);
    } while (!stretch.isLast);
  } finally {
    await batches.return?.();
  }
};

/** Statements, loaded by COPY: as fast as they come, and no faster than the database takes them. */
export const statementsIn = (pool: Pool): Statements => ({
  keep: async (id, rows) => {
    const client = await pool.connect();
    let isSound = false;
    try {
      await client.query('begin');
      await fill(client, id, rows);
      await client.query('commit');
      isSound = true;
    } finally {
      // What broke off half-way goes with its connection, and the transaction with that.
      client.release(!isSound);
    }
  },

  assign: async (id, to) => {
    await pool.query(`update ${statementTable} set conciliation_id = $2 where id = $1`, [id, to]);
  },

  drop: async (id) => {
    await pool.query(
      `drop table if exists ${KEPT}.${rowsTable(id)}, ${KEPT}.${documentsTable(id)},
                            ${KEPT}.${itemsTable(id)}, ${KEPT}.${changesTable(id)};
       delete from ${statementTable} where id = '${id}'`,
    );
  },

  keptBefore: async (minutes) => {
    const { rows } = await pool.query<Unfinished>(
      `select id, conciliation_id as "conciliationId" from ${statementTable}
        where finished_at is null and kept_at < now() - $1 * interval '1 minute'`,
      [minutes],
    );
    return rows;
  },
});
