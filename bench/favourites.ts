// How fast lists of favourites are read over HTTP, and how long a page of fifty takes, with so many
// customers of so many favourites each. The rows are put into the read models as events would have
// made them, and product data into its store; in the same run the same rows are read by the bare
// SQL, by key, on as many connections as there are clients. Ends with 1 when a page takes too long.
//   node --import tsx bench/favourites.ts [--customers 1000] [--favourites 50] [--seconds 5]
//                                         [--clients 8]
import { parseArgs } from 'node:util';
import knex, { type Knex } from 'knex';
import { aSystem, type ASystem } from '../test/support/a-system.ts';
import { aUser, type AUser } from '../test/support/a-user.ts';
import { waitUntil } from '../test/support/wait-until.ts';
import { show, sustained, type Figures } from './figures.ts';

/** What a page of fifty products that are known may take, in milliseconds. */
const PROMISED_MS = 20;
const PRODUCTS = 2_500;
const PAGE = 50;
const WARM_UP_SECONDS = 2;
/** No two lists in a row are the same, and each run reads the same ones. */
const STRIDE = 7_919;

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '1000' },
    favourites: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '5' },
    clients: { type: 'string', default: '8' },
  },
});
const [customers, favourites] = [Number(values.customers), Number(values.favourites)];
const [seconds, clients] = [Number(values.seconds), Number(values.clients)];

const CUSTOMERS = `
  insert into customers_view
  select md5('customer' || n)::uuid, md5('subject' || n)::uuid, null, null, 'hash' || n, n, 0
    from generate_series(1, :customers::bigint) n`;
const FAVOURITES = `
  insert into favourites_view
  select md5('favourite' || n || '/' || nth)::uuid, md5('customer' || n)::uuid,
         md5('product' || (n * 31 + nth) % :products)::uuid, 'LISTED', now(),
         (nth - 1) * :customers::bigint + n
    from generate_series(1, :customers::bigint) n, generate_series(1, :favourites::bigint) nth`;
const PRODUCT_ROWS = `
  insert into product
  select md5('product' || n)::uuid,
         jsonb_build_object('id', md5('product' || n)::uuid, 'title', 'Produto ' || n, 'price', n,
                            'image', 'http://images.example/' || n || '.jpg', 'brand', 'Aurora'),
         true, now()
    from generate_series(0, :products - 1) n`;

const fill = async (db: Knex): Promise<void> => {
  const given = { customers, favourites, products: PRODUCTS };
  for (const rows of [CUSTOMERS, FAVOURITES, PRODUCT_ROWS]) await db.raw(rows, given);
  await db.raw('vacuum analyze customers_view, favourites_view, product');
};

/** What a list comes from, by key and nothing else: whose it is, what is in it, what that is. */
const BARE = `
  with page as (
    select product_id, position from favourites_view
     where customer_id = ? and status = 'LISTED' order by position desc limit ${PAGE + 1})
  select page.product_id, product.product, product.available, product.fetched_at,
         (select customer_id from customers_view where customer_id = ?) as customer_id
    from page left join product using (product_id) order by position desc`;

const listOf = (nth: number) => 1 + ((nth * STRIDE) % customers);

const idsIn = async (db: Knex): Promise<readonly string[]> => {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select md5('customer' || n)::uuid as id from generate_series(1, :customers::bigint) n`,
    { customers },
  );
  return rows.map(({ id }) => id);
};

const expected = Math.min(PAGE, favourites);

const overHttp = (app: AUser, ids: readonly string[]) => async (nth: number) => {
  const path = `/v1/customers/${ids[listOf(nth) - 1] ?? ''}/favourites`;
  const { status, body } = await app.get(path);
  const { items = [] } = body as { readonly items?: readonly { readonly title?: string }[] };
  if (status !== 200 || items.length !== expected || items[0]?.title === undefined)
    throw new Error(`${path}: ${status}, ${items.length} products`);
};

const bySql = (db: Knex, ids: readonly string[]) => async (nth: number) => {
  const id = ids[listOf(nth) - 1] ?? '';
  await db.raw(BARE, [id, id]);
};

const measured = async (
  what: string,
  work: (nth: number) => Promise<unknown>,
  floor?: Figures,
): Promise<{ readonly alone: Figures; readonly together: Figures }> => {
  await sustained(work, { atOnce: clients, seconds: WARM_UP_SECONDS });
  const alone = await sustained(work, { atOnce: 1, seconds });
  show(`${what}, one at a time`, alone);
  const together = await sustained(work, { atOnce: clients, seconds });
  show(`${what}, ${clients} at a time`, together, floor);
  return { alone, together };
};

const run = async (system: ASystem, db: Knex): Promise<boolean> => {
  const app = await aUser(system, 'app');
  const nobody = '/v1/customers/00000000-0000-4000-8000-000000000000/favourites';
  await waitUntil('the views are there', async () => (await app.get(nobody)).status === 404);
  await fill(db);
  const ids = await idsIn(db);
  const size = `${customers} customers of ${favourites} favourites`;
  console.log(`${size}, pages of ${PAGE}, ${seconds} s for each measurement`);
  const { together: floor } = await measured('bare SQL, by key', bySql(db, ids));
  const { alone } = await measured('over HTTP', overHttp(app, ids), floor);
  return alone.p99 < PROMISED_MS;
};

const system = await aSystem({ RATE_LIMIT_PER_SECOND: '1000000' });
await system.start();
const db = knex({
  client: 'pg',
  connection: system.databaseUrl,
  pool: { min: 0, max: clients },
});
try {
  if (!(await run(system, db))) process.exitCode = 1;
} finally {
  await db.destroy();
  await system.remove();
}
