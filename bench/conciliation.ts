// From the first byte of a statement to its report, over HTTP, with everything on; beside what a
// bare COPY of the same file and one full outer join come to in the same database.
//   node --import tsx bench/conciliation.ts [rows ...]
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { conciliationsTable, ourSalesTable } from '#shared/conciliation/view.ts';
import type { StatementId } from '#shared/ids.ts';
import { takingHere } from '../command-api/conciliation/taking.ts';
import { aSystem } from '../test/support/a-system.ts';
import { aUser, type AUser } from '../test/support/a-user.ts';
import { waitUntil } from '../test/support/wait-until.ts';
import { fillSales, hashKey, writeStatement } from './statement.ts';
import { watching } from './watching.ts';

const SIZES = process.argv.slice(2).map(Number);
const ROUNDS = 3;
const LONGEST_RUN_MS = 300_000;
const LOOK_EVERY_MS = 100;
const PERIOD = 'source=cashback-api&from=2026-01-01&to=2026-01-31';

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

/** What nobody can spare: every row read and checked, every person hashed. No database. */
const understood = (path: string): Promise<number> =>
  seconds(async () => {
    const [statementId, key] = [randomUUID() as StatementId, randomBytes(32)];
    const sent = { bytes: createReadStream(path), statementId, key } as const;
    const { rows } = takingHere(hashKey)({ ...sent, source: 'cashback-api', format: 'text/csv' });
    let batches = 0;
    for await (const { plain } of rows) batches += plain.length;
    return batches;
  });

type Taken = { readonly id: string };
type Report = { readonly status: string; readonly matchRate: { readonly byRows: string } };

/** As a client sends it that has nothing else to do: `fetch` would take as long as who reads it. */
const sent = async (url: string, authorization: string, path: string): Promise<Taken> => {
  const request = httpRequest(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/csv' },
  });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  await pipeline(createReadStream(path), request);
  const [response] = await answered;
  const body = await text(response);
  if (response.statusCode !== 202) throw new Error(`${response.statusCode ?? 0}: ${body}`);
  return JSON.parse(body) as Taken;
};

const conciliated = async (
  { commandApi }: { readonly commandApi: string },
  { authorization, get }: AUser,
  path: string,
): Promise<{ readonly uploaded: number; readonly report: Report }> => {
  const began = performance.now();
  const { id } = await sent(`${commandApi}/v1/conciliations?${PERIOD}`, authorization, path);
  const uploaded = (performance.now() - began) / 1_000;
  while (performance.now() - began < LONGEST_RUN_MS) {
    const { status, body } = await get(`/v1/conciliations/${id}`);
    const report = body as Report;
    if (status === 200 && report.status !== 'RUNNING') return { uploaded, report };
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error('There was no report in time');
};

type Round = {
  readonly floor: number;
  readonly reads: number;
  readonly uploaded: number;
  readonly all: number;
  readonly rate: string;
};
const ratioOf = ({ all, floor }: Round): number => all / floor;

/** The floor is measured before and after: a machine that is shared is not the same all the time. */
const roundOf = async (
  client: pg.Client,
  path: string,
  conciliate: () => ReturnType<typeof conciliated>,
): Promise<Round> => {
  const before = await bare(client, path);
  const reads = await understood(path);
  let came: Awaited<ReturnType<typeof conciliated>> | undefined;
  const all = await seconds(async () => (came = await conciliate()));
  const floor = (before + (await bare(client, path))) / 2;
  return {
    ...{ floor, reads, all, uploaded: came?.uploaded ?? Number.NaN },
    rate: came?.report.matchRate.byRows ?? '',
  };
};

const inWords = (round: Round): string =>
  `${round.all.toFixed(1)} s, of which the upload took ${round.uploaded.toFixed(1)} s; matched ` +
  `${round.rate} %; bare COPY and join ${round.floor.toFixed(1)} s, ratio ` +
  `${ratioOf(round).toFixed(2)}; to read, check and hash it alone ${round.reads.toFixed(1)} s`;

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
    await fillSales(client, rows);
    const memory = watching();
    const rounds: Round[] = [];
    for (let nth = 1; nth <= ROUNDS; nth++) {
      const path = join(system.directory, `statement-${rows}-${nth}.csv`);
      await writeStatement(path, rows, nth);
      rounds.push(await roundOf(client, path, () => conciliated(system, operator, path)));
      await rm(path);
    }
    console.log(`${rows} rows against ${rows} sales, ${ROUNDS} times:`);
    for (const one of rounds) console.log(`  ${inWords(one)}`);
    const middle = rounds.toSorted((a, b) => ratioOf(a) - ratioOf(b))[Math.floor(ROUNDS / 2)];
    if (middle) console.log(`  in the middle: ${inWords(middle)}\n  ${memory()}`);
  }
} finally {
  await client.end();
  await system.remove();
}
