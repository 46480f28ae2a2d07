import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { KeptRows, Statements, Unfinished } from '#shared/conciliation/ports.ts';
import { changesTable, itemsTable, KEPT, rowsTable } from '#shared/conciliation/tables.ts';
import type { StatementId } from '#shared/ids.ts';
import { COLUMNS, copied, copiedPlain } from './copying.ts';
import { statementTable } from './schema.ts';

const pieces = async function* (batches: AsyncIterable<KeptRows>): AsyncGenerator<Buffer> {
  for await (const { rows, plain } of batches) {
    for (const some of plain) yield copiedPlain(some);
    if (rows.length > 0) yield Buffer.from(rows.map(copied).join(''));
  }
};

const fill = async (
  client: PoolClient,
  id: StatementId,
  rows: AsyncIterable<KeptRows>,
): Promise<void> => {
  const table = `${KEPT}.${rowsTable(id)}`;
  // However long an upload takes, it is one statement; the sender's pace is others' to judge.
  await client.query('set local statement_timeout = 0');
  await client.query(`insert into ${statementTable} (id) values ($1)`, [id]);
  await client.query(
    `create table ${table} (
       line integer not null, reason text, id text collate "C", subject uuid,
       amount bigint not null, at text collate "C", document text, again boolean not null
     )`,
  );
  // Nobody sees the table before all of it is there: its rows need no second look at who may.
  const into = `copy ${table} (${COLUMNS}) from stdin with (freeze)`;
  const copying = client.query(copyFrom(into));
  await pipeline(Readable.from(pieces(rows), { objectMode: false }), copying);
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
      `drop table if exists ${KEPT}.${rowsTable(id)}, ${KEPT}.${itemsTable(id)},
                            ${KEPT}.${changesTable(id)};
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
