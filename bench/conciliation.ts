// From the first byte of a statement to its report, over HTTP, with everything on; beside what a
// bare COPY of the same file and one full outer join come to in the same database.
//   node --import tsx bench/conciliation.ts [rows ...]
import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { reading } from '#shared/conciliation/reading.ts';
import { conciliationsTable, ourSalesTable } from '#shared/conciliation/view.ts';
import type { StatementId } from '#shared/ids.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { amountText } from '#shared/kernel/money.ts';
import { personOf } from '#shared/kernel/person.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { withoutDocuments } from '../command-api/conciliation/keeping.ts';
import { aSystem } from '../test/support/a-system.ts';
import { aUser, type AUser } from '../test/support/a-user.ts';
import { someCpfs } from '../test/support/some-cpfs.ts';
import { waitUntil } from '../test/support/wait-until.ts';
import { watching } from './watching.ts';

const SIZES = process.argv.slice(2).map(Number);
const BUYERS = 100_000;
const CHUNK = 5_000;
const LONGEST_RUN_MS = 300_000;
const LOOK_EVERY_MS = 100;
const DAY = '2026-01-10';
const PERIOD = 'source=cashback-api&from=2026-01-01&to=2026-01-31';

const hashKey = randomBytes(32);
const cpfs = someCpfs(BUYERS);
const hash = keyedHash(hashKey);
const subjects = cpfs.map((cpf) => personOf(hash, cpf));
const cents = (nth: number) => 500 + (nth % 9_000);

/** One in a thousand is missing, and one in a thousand has another amount. */
const isMissing = (nth: number) => nth % 1_000 === 500;
const amountOf = (nth: number) => cents(nth) + (nth % 1_000 === 700 ? 1 : 0);

const chunks = async function* (rows: number, lineOf: (nth: number) => string) {
  for (let from = 0; from < rows; from += CHUNK) {
    let text = '';
    for (let nth = from; nth < Math.min(from + CHUNK, rows); nth++) text += lineOf(nth);
    yield await Promise.resolve(text);
  }
};

const saleLine = (nth: number): string =>
  [
    ...[derivedId('bench', String(nth)), subjects[nth % BUYERS], DAY, `${DAY} 13:00:00+00`],
    ...[100_000, cents(nth), '1', '\\N', nth + 1, nth + 1, 'ACCEPTED', `p${nth}`, 1],
    `[["${nth + 1}","CALCULATED",null,0],["${nth + 1}","CALCULATED",null,1]]`,
  ].join('\t') + '\n';
const COLUMNS =
  'sale_id, subject_id, sold_on, sold_at, total, cashback, rule_set, document, received_position, position, status, partner_id, attempts, earlier';

const statementLine = (nth: number): string =>
  isMissing(nth)
    ? ''
    : `p${nth},${cpfs[nth % BUYERS] ?? ''},${amountText(amountOf(nth))},${DAY}T13:00:01.000Z\n`;

const writeStatement = async (path: string, rows: number): Promise<void> => {
  const text = async function* () {
    yield 'id,document,cashback,createdAt\n';
    yield* chunks(rows, statementLine);
  };
  await pipeline(Readable.from(text(), { objectMode: false }), createWriteStream(path));
};

const copy = (client: pg.Client, into: string, source: Readable): Promise<void> =>
  pipeline(source, client.query(copyFrom(`copy ${into} from stdin`)));

const fillSales = async (client: pg.Client, rows: number): Promise<void> => {
  await client.query(`truncate ${ourSalesTable}`);
  const lines = Readable.from(chunks(rows, saleLine), { objectMode: false });
  await copy(client, `${ourSalesTable} (${COLUMNS})`, lines);
  await client.query(`vacuum analyze ${ourSalesTable}`);
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
};

const bare = (client: pg.Client, path: string): Promise<number> =>
  seconds(async () => {
    await client.query(`drop table if exists bare_joined, bare;
      create table bare (id text, document text, cashback numeric, created_at text)`);
    const into = 'bare (id, document, cashback, created_at)';
    const copying = client.query(copyFrom(`copy ${into} from stdin (format csv, header)`));
    await pipeline(createReadStream(path), copying);
    await client.query(`create table bare_joined as
      select b.*, h.sale_id, h.cashback as ours from bare b
        full join ${ourSalesTable} h on h.partner_id = b.id`);
  });

/** What nobody can spare: every row read and checked, every person hashed and sealed. No database. */
const understood = (path: string): Promise<number> =>
  seconds(async () => {
    const key = randomBytes(32);
    const obtain = async (ids: readonly string[]) =>
      Promise.resolve(new Map(ids.map((id) => [id, key])));
    const { batches } = reading(createReadStream(path), 'cashback-api', 'text/csv');
    const whose = { id: randomUUID() as StatementId, source: 'cashback-api' } as const;
    const kept = withoutDocuments(batches, whose, { hash, keys: { obtain, find: obtain } });
    for (let some = await kept.next(); !some.done;) some = await kept.next();
  });

type Report = { readonly status: string; readonly matchRate: { readonly byRows: string } };

const conciliated = async (
  { commandApi }: { readonly commandApi: string },
  { authorization, get }: AUser,
  path: string,
): Promise<{ readonly uploaded: number; readonly report: Report }> => {
  const began = performance.now();
  const sent = await fetch(`${commandApi}/v1/conciliations?${PERIOD}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/csv' },
    body: Readable.toWeb(createReadStream(path)) as ReadableStream,
    duplex: 'half',
  });
  if (sent.status !== 202) throw new Error(`${sent.status}: ${await sent.text()}`);
  const uploaded = (performance.now() - began) / 1_000;
  const { id } = (await sent.json()) as { readonly id: string };
  while (performance.now() - began < LONGEST_RUN_MS) {
    const { status, body } = await get(`/v1/conciliations/${id}`);
    const report = body as Report;
    if (status === 200 && report.status !== 'RUNNING') return { uploaded, report };
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error('There was no report in time');
};

const system = await aSystem({ LASTRO_HASH_KEY: hashKey.toString('base64') });
const client = new pg.Client({ connectionString: system.databaseUrl });
try {
  await system.start();
  await client.connect();
  const operator = await aUser(system, 'operator');
  await waitUntil('the views have begun', async () => {
    const found = await client.query<{ there: boolean }>(
      'select to_regclass($1) is not null and to_regclass($2) is not null as there',
      [ourSalesTable, conciliationsTable],
    );
    return found.rows[0]?.there ?? false;
  });
  for (const rows of SIZES.length > 0 ? SIZES : [10_000, 100_000]) {
    const path = join(system.directory, `statement-${rows}.csv`);
    await writeStatement(path, rows);
    await fillSales(client, rows);
    const megabytes = ((await stat(path)).size / 1e6).toFixed(1);
    const floor = await bare(client, path);
    const reads = await understood(path);
    const memory = watching();
    let uploaded = 0;
    let rate = '';
    const all = await seconds(async () => {
      const came = await conciliated(system, operator, path);
      uploaded = came.uploaded;
      rate = came.report.matchRate.byRows;
    });
    console.log(
      `${rows} rows (${megabytes} MB) against ${rows} sales: ${all.toFixed(1)} s, of which the ` +
        `upload took ${uploaded.toFixed(1)} s; matched ${rate} %; bare COPY and join ` +
        `${floor.toFixed(1)} s, ratio ${(all / floor).toFixed(2)}; to read, check, hash and ` +
        `seal them alone ${reads.toFixed(1)} s\n  ${memory()}`,
    );
  }
} finally {
  await client.end();
  await system.remove();
}
