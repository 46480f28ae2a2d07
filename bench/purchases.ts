// How long a page of purchases takes, over HTTP, with so many of them stored. The rows are put into
// the read models as events would have made them; what is measured is only how they are read.
//   node --import tsx bench/purchases.ts [purchases] [requests per measurement]
import knex from 'knex';
import { aSystem, type ASystem } from '../test/support/a-system.ts';
import { aUser, type AUser } from '../test/support/a-user.ts';
import { waitUntil } from '../test/support/wait-until.ts';
import { figuresOf, show } from './figures.ts';

/** What a page of fifty may take, in milliseconds. */
const PROMISED_MS = 20;
/** One purchase of so many is the demo reseller's; the others are spread over so many resellers. */
const SHARE = 50;
const RESELLERS = 2_000;
const MONTHS = 24;
const DEEP_PAGES = 100;
/** Requests that are not measured: the first ones find nothing in memory. */
const WARM_UP = 50;

const stored = Number(process.argv[2] ?? 1_000_000);
const requests = Number(process.argv[3] ?? 500);

const PURCHASES = `
  insert into purchases_view
  select md5('purchase' || n)::uuid, 'bench-' || n, reseller, amount, month || '-10', month, status,
         status = 'WITHDRAWN', null, null, null, null, n, 0
    from (select n,
                 case when n % :share = 0 then :own::uuid
                      else md5('reseller' || n % :resellers)::uuid end as reseller,
                 100 + (n * 7919) % 20000 as amount,
                 to_char(date '2024-01-01' + (n * :months / (:stored + 1)) * interval '1 month',
                         'YYYY-MM') as month,
                 (array['IN_VALIDATION', 'APPROVED', 'APPROVED', 'REJECTED', 'WITHDRAWN'])
                   [1 + n / 7 % 5] as status
            from generate_series(1, :stored::bigint) n) one`;
const PERCENT = 'case when sum <= 100000 then 10 when sum <= 150000 then 15 else 20 end';
const MONTH_ROWS = `
  insert into reseller_months_view
  select reseller_id || '/' || month, reseller_id, month, count, sum, '{}', (${PERCENT})::text, '1',
         sum * (${PERCENT}) / 100, 0, null
    from (select reseller_id, month, count(*) as count, sum(amount_in_cents)::bigint as sum
            from purchases_view where status in ('IN_VALIDATION', 'APPROVED')
           group by reseller_id, month) month`;

const fill = async ({ databaseUrl }: ASystem, own: string): Promise<void> => {
  const db = knex({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: 1 } });
  const given = { stored, own, share: SHARE, resellers: RESELLERS, months: MONTHS };
  await db.raw(PURCHASES, given);
  await db.raw(MONTH_ROWS);
  await db.raw('vacuum analyze purchases_view, reseller_months_view');
  await db.destroy();
};

type Listed = { readonly items: readonly unknown[]; readonly nextCursor: string | null };

const asked = async (user: AUser, path: string): Promise<Listed> => {
  const { status, body } = await user.get(path);
  if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
  return body as Listed;
};

/** The path of a page that so many come before. */
const deep = async (user: AUser, path: string): Promise<string> => {
  let cursor = '';
  for (let nth = 0; nth < DEEP_PAGES; nth++)
    cursor = `&cursor=${(await asked(user, `${path}${cursor}`)).nextCursor ?? ''}`;
  return `${path}${cursor}`;
};

const measured = async (what: string, user: AUser, path: string): Promise<boolean> => {
  const latencies: number[] = [];
  for (let nth = 0; nth < WARM_UP; nth++) await asked(user, path);
  const began = performance.now();
  for (let nth = 0; nth < requests; nth++) {
    const at = performance.now();
    const { items } = await asked(user, path);
    if (items.length !== 50) throw new Error(`${path} shows ${items.length}`);
    latencies.push(performance.now() - at);
  }
  const figures = figuresOf(latencies, (performance.now() - began) / 1_000);
  show(what, figures);
  return figures.p99 < PROMISED_MS;
};

const system = await aSystem({ RATE_LIMIT_PER_SECOND: '1000000' });
try {
  await system.start();
  const reseller = await aUser(system, 'reseller');
  const analyst = await aUser(system, 'analyst1');
  const me = () => reseller.get('/v1/resellers/me');
  await waitUntil('the reseller is there', async () => (await me()).status === 200);
  const { id } = (await me()).body as { readonly id: string };
  await fill(system, id);
  console.log(`${stored} purchases, pages of 50, one request after the other, over HTTP`);
  const all = '/v1/purchases?limit=50';
  const month = '2025-06';
  const kept = [
    await measured('a reseller’s own', reseller, all),
    await measured(`  after ${DEEP_PAGES} pages`, reseller, await deep(reseller, all)),
    await measured('  of a month', reseller, `${all}&month=${month}`),
    await measured('  withdrawn', reseller, `${all}&status=WITHDRAWN`),
    await measured('everybody’s', analyst, all),
    await measured(`  after ${DEEP_PAGES} pages`, analyst, await deep(analyst, all)),
    await measured('  of a month', analyst, `${all}&month=${month}`),
    await measured('  of a month, rejected', analyst, `${all}&month=${month}&status=REJECTED`),
    await measured('  of a CPF', analyst, `${all}&cpf=11144477735`),
  ];
  console.log(kept.every(Boolean) ? `p99 below ${PROMISED_MS} ms` : `p99 over ${PROMISED_MS} ms`);
} finally {
  await system.remove();
}
