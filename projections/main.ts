import type { AccountId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { ourSalesTable, ourSalesView } from '#shared/conciliation/view.ts';
import { keyedHash, type PersonalKeys } from '#shared/kernel/personal.ts';
import { standingOf } from '#shared/platform/checkpoint.ts';
import { edgeApp } from '#shared/platform/http/edge.ts';
import { NotReady, viewsKeepUp, type Checks } from '#shared/platform/http/health.ts';
import { serve } from '#shared/platform/http/serve.ts';
import { runProcess } from '#shared/platform/lifecycle.ts';
import type { Log } from '#shared/platform/log.ts';
import { metrics } from '#shared/platform/metrics.ts';
import { lagOfViews } from '#shared/platform/projection-status.ts';
import { persistently } from '#shared/platform/persistently.ts';
import { regularly } from '#shared/platform/regularly.ts';
import { cashbackForwarding } from '../adapters/cashback-api/forwarding.ts';
import { connect } from '../adapters/eventstoredb/connection.ts';
import { digestBeside } from '../adapters/eventstoredb/digesting.ts';
import { eventStoreDb } from '../adapters/eventstoredb/event-store.ts';
import { rawLog } from '../adapters/eventstoredb/raw-log.ts';
import { sharedFeed } from '../adapters/eventstoredb/shared-feed.ts';
import { credentialsIn } from '../adapters/postgres/credentials.ts';
import { confirmingItemsIn } from '../adapters/postgres/conciliation/confirming.ts';
import { forgettingIn } from '../adapters/postgres/conciliation/forgetting.ts';
import { matchingIn } from '../adapters/postgres/conciliation/matching.ts';
import { connectionPool, database } from '../adapters/postgres/database.ts';
import { LOOK_EVERY_MS } from '../adapters/postgres/erased-people.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { personalKeys } from '../adapters/postgres/personal-keys.ts';
import { productStore } from '../adapters/postgres/products.ts';
import { productApi } from '../adapters/product-api/products.ts';
import { mailer } from '../adapters/smtp/mailer.ts';
import { sealRegularly } from './audit/schedule.ts';
import { effects, reactions, views } from './catalogue.ts';
import { claimsOn } from './claims.ts';
import { configFrom } from './config.ts';
import { EFFECT_POOL } from './effect-pool.ts';
import { runEffects } from './effect-runner.ts';
import { follow, type Supervision } from './follow.ts';
import { pressureOf } from './giving-way.ts';
import { passingTogether } from './passing.ts';
import { beginTogether, checkpointName, reactionFollower } from './reaction-follower.ts';
import { retries } from './retries.ts';
import { viewFollower } from './view-follower.ts';
import { watch } from './watch.ts';

const CONNECTIONS = 12;
const reacting = [...reactions.map(reactionFollower), retries];
const followers = [...views.map(viewFollower), ...reacting];

const databases = (url: string, onTrouble: (error: unknown) => void) => {
  const db = database(url, { name: 'projections', connections: CONNECTIONS });
  return { db, pool: connectionPool(url, EFFECT_POOL, onTrouble), passOver: passingTogether(db) };
};

/** What happens before a reaction has begun for the first time is never seen to by it. */
const begun = async (db: ReturnType<typeof database>): Promise<void> => {
  for (const { name } of reactions)
    if (!(await standingOf(db, checkpointName(name)))) throw new NotReady(`${name} not begun`);
};

/** A view that is not on the list yet is not behind either: it is not there. */
const keepUp = (db: ReturnType<typeof database>, readyWithinSeconds: number) => {
  const check = viewsKeepUp(() => lagOfViews(db), readyWithinSeconds);
  return async (): Promise<void> => {
    for (const { name } of views)
      if (!(await standingOf(db, name))) throw new NotReady(`${name} not begun`);
    await check();
  };
};

const checksOf = (
  db: ReturnType<typeof database>,
  { end }: Pick<EventStore, 'end'>,
  readyWithinSeconds: number,
): Checks => ({
  database: () => db.raw('select 1'),
  'event-store': end,
  reactions: () => begun(db),
  views: keepUp(db, readyWithinSeconds),
});

type Config = Awaited<ReturnType<typeof configFrom>>;

/** Whom effects ask, and what is kept of their answers. */
const partnersIn = (config: Config, db: ReturnType<typeof database>) => ({
  forward: cashbackForwarding(config.cashbackApi),
  askForProduct: productApi(config.productApi),
  products: productStore(db),
});

const OUR_SALES = { table: ourSalesTable, view: ourSalesView };

/** Where statements are set against the log, and where they forget. */
const statementsIn = (db: ReturnType<typeof database>, keys: PersonalKeys) => ({
  matching: matchingIn(db, { keys, sales: OUR_SALES }),
  forgetInStatements: forgettingIn(db, keys),
  confirmingItems: confirmingItemsIn(db),
});

/** What is done at certain times. */
const scheduledIn = (
  { eventStoreUrl, sealCron }: Config,
  eventStore: EventStore,
  stopping: AbortSignal,
) => {
  if (sealCron === undefined) return [];
  const digest = digestBeside(eventStoreUrl, stopping);
  return [sealRegularly({ eventStore, digest, clock: systemClock }, sealCron)];
};

/** Of the steps of followers: for the metrics, and for the effects that give way to them. */
const counting = ({ recordEvents }: Pick<ReturnType<typeof metrics>, 'recordEvents'>) => {
  const pressure = pressureOf();
  const onEvents: Supervision['onEvents'] = (name, kind, count) => {
    pressure.stepped(count);
    recordEvents(name, kind, count);
  };
  return { pressure, onEvents };
};

const troubleIn = (log: Log) => (err: unknown) => {
  log.warn({ err }, 'in trouble with a server; goes on by itself');
};

await runProcess('projections', async ({ log, onStop, stopping }) => {
  const config = await configFrom(process.env);
  const counted = metrics();
  counted.ofTheProcess();

  const trouble = troubleIn(log);
  const { db, pool, passOver } = databases(config.databaseUrl, trouble);
  onStop('databases', () => Promise.all([db.destroy(), pool.end()]));
  const connection = connect(config.eventStoreUrl, { onTrouble: trouble });
  onStop('event store', connection.dispose);

  const keys = personalKeys(db, config.secrets.masterKey);
  const store = counted.measured(eventStoreDb(connection, keys));
  const eventStore = sharedFeed(store, rawLog(connection));
  onStop('feed', eventStore.close);
  const claims = claimsOn(pool, log);
  onStop('claims', claims.close);
  const mail = mailer(config.smtpUrl, { from: config.mailFrom });
  onStop('mail', mail.close);
  const checks = checksOf(db, store, config.readyWithinSeconds);
  const app = edgeApp({ title: 'Lastro projections', checks, metrics: counted, log, stopping });
  const served = await serve(app, config.http);
  onStop('health and metrics', served.close);

  const supervision = { eventStore, db, claims, log, passOver, ...counting(counted) };
  const work = {
    ...{ ...supervision, pool, clock: systemClock, retry: config.retry },
    effects: effects({
      ...{ eventStore, db, send: mail.send, clock: systemClock },
      ...{ hash: keyedHash(config.secrets.hashKey), destroyKey: keys.destroy },
      closeSignIn: (id, meta) => credentialsIn(db).close(id as AccountId, meta),
      ...partnersIn(config, db),
      ...statementsIn(db, keys),
    }),
    scheduled: scheduledIn(config, eventStore, stopping),
    onAttempt: counted.recordEffect,
  };
  const running = (async () => {
    const prepare = async () => {
      await migrate(config.databaseUrl);
      await beginTogether(supervision, reacting);
    };
    await persistently('preparing the database', prepare, { log, signal: stopping });
    await Promise.all([
      ...followers.map((follower) => follow(supervision, follower, stopping)),
      runEffects(work, stopping),
      watch({ db, eventStore, log, metrics: counted }, stopping),
      regularly('seeing who was erased', LOOK_EVERY_MS, keys.look, { log, signal: stopping }),
    ]);
  })();
  onStop('followers', () => running);
  log.info({ port: served.port }, 'ready');
});
