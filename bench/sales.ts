// How fast sales are taken, and how fast their cashback is forwarded to a partner that answers in
// 50 ms; each beside what the same appends, or the same calls, come to with nothing else around them.
//   node --import tsx bench/sales.ts [seconds per measurement]
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import autocannon from 'autocannon';
import knex, { type Knex } from 'knex';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import { aSystem, type ASystem } from '../test/support/a-system.ts';
import { ask, aUser, type AUser } from '../test/support/a-user.ts';
import { someCpfs } from '../test/support/some-cpfs.ts';
import { waitUntil } from '../test/support/wait-until.ts';
import { show, sustained, type Figures } from './figures.ts';

const AT_ONCE = 64;
const PARTNER_MS = 50;
/** As many as one process of ours has under way. */
const CALLS_AT_ONCE = 8;
const BUYERS = 10_000;
const LONGEST_DRAIN_MS = 600_000;

const seconds = Number(process.argv[2] ?? 10);
const buyers = someCpfs(BUYERS);
const saleOf = (nth: number) => ({
  sold_at: '2026-01-02 00:00:00',
  customer: { document: buyers[nth % BUYERS], name: 'JOSE DA SILVA' },
  total: '100.00',
  products: [
    { type: 'A', value: '10.00', qty: 1 },
    { type: 'B', value: '10.00', qty: 9 },
  ],
});

const rawAppends = async ({ eventStoreUrl }: ASystem): Promise<Figures> => {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const run = randomUUID();
  const append = (nth: number) => {
    const events = ['RawReceived', 'RawCalculated'].map((type) =>
      jsonEvent({ type, data: saleOf(nth) }),
    );
    return client.appendToStream(`raw-${run}-${nth}`, events, { expectedRevision: NO_STREAM });
  };
  const figures = await sustained(append, { atOnce: AT_ONCE, seconds });
  await client.dispose();
  return figures;
};

/** How many sales have been seen to. */
const doneIn = (db: Knex) => async (): Promise<number> => {
  const [counted] = await db<IntentRow>(intentTable).where({ status: 'DONE' }).count();
  return Number(counted?.['count'] ?? 0);
};

const rawCalls = ({ sandbox }: ASystem): Promise<Figures> =>
  sustained(
    async (nth) => {
      const body = { document: buyers[nth % BUYERS], cashback: '14.00' };
      // A connection for each, as forwarding has it.
      const headers = { connection: 'close' };
      const { status } = await ask('POST', `${sandbox}/cashback`, { body, headers });
      if (status !== 201) throw new Error(`The sandbox answered ${status}`);
    },
    { atOnce: CALLS_AT_ONCE, seconds },
  );

const intake = async ({ commandApi }: ASystem, { authorization }: AUser) => {
  let nth = 0;
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    const headers = { 'content-type': 'application/json', authorization };
    return { ...request, headers, body: JSON.stringify(saleOf(nth++)) };
  };
  const { requests, latency, duration, non2xx, errors } = await autocannon({
    url: `${commandApi}/v1/cashback`,
    connections: AT_ONCE,
    duration: seconds,
    requests: [{ method: 'POST', setupRequest }],
  });
  if (non2xx + errors > 0) throw new Error(`${non2xx} refusals, ${errors} errors`);
  const figures = { perSecond: requests.total / duration, p50: latency.p50, p99: latency.p99 };
  return { sales: requests.total, figures };
};

/** How many are forwarded in a second, while nothing else is done. */
const drained = async (done: () => Promise<number>, sales: number): Promise<number> => {
  const before = await done();
  const began = performance.now();
  await waitUntil('all is forwarded', async () => (await done()) >= sales, LONGEST_DRAIN_MS);
  const rate = (sales - before) / ((performance.now() - began) / 1_000);
  console.log(`${before} of ${sales} were forwarded while sales came in`);
  return rate;
};

const system = await aSystem({ RATE_LIMIT_PER_SECOND: '1000000' });
const db = knex({ client: 'pg', connection: system.databaseUrl, pool: { min: 0, max: 1 } });
try {
  await system.start();
  const behaviour = { api: 'cashback', mode: 'delay', delayMs: PARTNER_MS };
  await ask('PUT', `${system.sandbox}/sandbox/behaviour`, { body: behaviour });
  const erp = await aUser(system, 'erp');

  const appends = await rawAppends(system);
  show(`raw appends of two events, ${AT_ONCE} in flight`, appends);
  const callsAlone = await rawCalls(system);
  show(`raw calls, ${CALLS_AT_ONCE} at once, ${PARTNER_MS} ms each`, callsAlone);

  const { sales, figures } = await intake(system, erp);
  show('sales accepted, everything on', figures, appends);
  const rate = await drained(doneIn(db), sales);
  const ratio = (rate / callsAlone.perSecond).toFixed(3);
  console.log(
    `${'forwards, everything on record'.padEnd(44)} ${rate.toFixed(0)}/s  ratio ${ratio}`,
  );
} finally {
  await db.destroy();
  await system.remove();
}
