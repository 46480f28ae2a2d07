import type { Knex } from 'knex';
import { stoodAt } from '#shared/kernel/fold.ts';
import { systemClock } from '#shared/kernel/message.ts';
import type { Log } from '#shared/platform/log.ts';
import { edge } from '#shared/platform/http/edge.ts';
import { NotReady } from '#shared/platform/http/health.ts';
import { serve } from '#shared/platform/http/serve.ts';
import { runProcess } from '#shared/platform/lifecycle.ts';
import { metrics } from '#shared/platform/metrics.ts';
import { persistently } from '#shared/platform/persistently.ts';
import { heldIn } from '#shared/privacy/held.ts';
import { regularly } from '#shared/platform/regularly.ts';
import { cashbackBalance } from '../adapters/cashback-api/balance.ts';
import { connect, type Connection } from '../adapters/eventstoredb/connection.ts';
import { digestBeside } from '../adapters/eventstoredb/digesting.ts';
import { sealedStream } from '../adapters/eventstoredb/sealed-stream.ts';
import { storedLog } from '../adapters/eventstoredb/stored-log.ts';
import { eventStoreDb } from '../adapters/eventstoredb/event-store.ts';
import { productStore } from '../adapters/postgres/products.ts';
import { linkTo as productLink, productApi } from '../adapters/product-api/products.ts';
import { database } from '../adapters/postgres/database.ts';
import { disabledAccounts, LOOK_EVERY_MS } from '../adapters/postgres/disabled-accounts.ts';
import { LOOK_EVERY_MS as ERASED_EVERY_MS } from '../adapters/postgres/erased-people.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { personalKeys } from '../adapters/postgres/personal-keys.ts';
import { queryApi } from './app.ts';
import { configFrom } from './config.ts';
import { productCache } from './favourite/products.ts';

const NAME = 'query-api';
const CONNECTIONS = { reading: 20, keys: 6 };

type Config = Awaited<ReturnType<typeof configFrom>>;

/** What a partner says of products, and where. */
const productsIn = (db: Knex, { products }: Config, log: Log) => ({
  linkTo: (id: string) => productLink(products.url, id),
  productsOf: productCache({
    ask: productApi(products),
    store: productStore(db),
    ttlMs: products.ttlMs,
    waitMs: products.timeoutMs,
    now: () => Date.parse(systemClock()),
    onTrouble: (err) => {
      log.warn({ err }, 'product data could not be kept; it is asked for again');
    },
  }),
});

/** What somebody has accumulated, as a partner says it. */
const balanceIn = ({ balance }: Config, log: Log) =>
  cashbackBalance({
    ...balance,
    onTrouble: (why) => {
      log.warn({ why }, 'no answer from the balance API; see CASHBACK_BALANCE_URL');
    },
  });

/** For what is asked of the log itself; all other answers come from views, also while it is away. */
const logIn = ({ eventStoreUrl }: Config, log: Log) =>
  connect(eventStoreUrl, {
    onTrouble: (err) => {
      log.warn({ err }, 'in trouble with the event store; goes on by itself');
    },
  });

/** What is answered from the log itself, and not from a view. */
const logBehind = (connection: Connection) => ({
  storedLog: storedLog(connection),
  past: stoodAt(sealedStream(connection)),
});

await runProcess(NAME, async ({ log, onStop, stopping }) => {
  const config = await configFrom(process.env);
  const counted = metrics();
  counted.ofTheProcess();

  const primary = database(config.databaseUrl, { name: NAME, connections: CONNECTIONS.keys });
  onStop('database', () => primary.destroy());
  const db = database(config.databaseReadUrl, { name: NAME, connections: CONNECTIONS.reading });
  onStop('database that is read', () => db.destroy());

  const balanceOf = balanceIn(config, log);
  const { linkTo, productsOf } = productsIn(primary, config, log);
  const keys = personalKeys(primary, config.secrets.masterKey);
  const connection = logIn(config, log);
  onStop('event store', connection.dispose);
  const disabled = disabledAccounts(primary);
  let isPrepared = false;
  const checks = {
    database: async () => {
      if (!isPrepared) throw new NotReady('is being prepared');
      await Promise.all([primary.raw('select 1'), db.raw('select 1')]);
    },
  };

  const api = queryApi({
    ...{ db, keys, balanceOf, productsOf, linkTo },
    ...logBehind(connection),
    heldIn: heldIn(eventStoreDb(connection, keys)),
    digest: digestBeside(config.eventStoreUrl, stopping),
    ...{ secrets: config.secrets, log, ...config.http },
    isDisabled: disabled.isDisabled,
    observe: counted.observeRequest,
    beside: edge({ title: 'Lastro query API', checks, metrics: counted, log, stopping }),
  });
  const place = { port: config.port, variable: 'QUERY_API_PORT', host: config.http.host };
  const served = await serve(api, place);

  const until = { log, signal: stopping };
  const running = (async () => {
    await persistently('preparing the database', () => migrate(config.databaseUrl), until);
    isPrepared = !stopping.aborted;
    await Promise.all([
      regularly('seeing who was disabled', LOOK_EVERY_MS, disabled.look, until),
      regularly('seeing who was erased', ERASED_EVERY_MS, keys.look, until),
    ]);
  })();
  onStop('seeing who is there no more', () => running);
  // Registered last, so that it comes first: what is in flight still needs the rest.
  onStop('requests', served.close);
  log.info({ port: served.port }, 'ready');
});
