import { systemClock } from '#shared/kernel/message.ts';
import { edgeApp } from '#shared/platform/http/edge.ts';
import { NotReady } from '#shared/platform/http/health.ts';
import { serve } from '#shared/platform/http/serve.ts';
import { runProcess } from '#shared/platform/lifecycle.ts';
import { metrics } from '#shared/platform/metrics.ts';
import { persistently } from '#shared/platform/persistently.ts';
import { regularly } from '#shared/platform/regularly.ts';
import { configFrom } from './config.ts';
import { connect } from './eventstoredb/connection.ts';
import { eventStoreDb } from './eventstoredb/event-store.ts';
import { runGateway } from './mqtt/gateway.ts';
import { connectionPool, database } from './postgres/database.ts';
import { LOOK_EVERY_MS } from './postgres/erased-people.ts';
import { migrate } from './postgres/migrate.ts';
import { personalKeys } from './postgres/personal-keys.ts';
import { publishedUpTo } from './postgres/published.ts';
import { solely } from './postgres/solely.ts';

const NAME = 'adapters';
const CONNECTIONS = { keeping: 2, claiming: 1 };

await runProcess(NAME, async ({ log, onStop, stopping }) => {
  const config = await configFrom(process.env);
  const counted = metrics();
  counted.ofTheProcess();

  const trouble = (err: unknown) => {
    log.warn({ err }, 'in trouble with a server; goes on by itself');
  };
  const db = database(config.databaseUrl, { name: NAME, connections: CONNECTIONS.keeping });
  onStop('database', () => db.destroy());
  const claiming = { name: 'gateway', connections: CONNECTIONS.claiming };
  const pool = connectionPool(config.databaseUrl, claiming, trouble);
  onStop('claim', () => pool.end());
  const connection = connect(config.eventStoreUrl, { onTrouble: trouble });
  onStop('event store', connection.dispose);
  const keys = personalKeys(db, config.secrets.masterKey);
  const eventStore = counted.measured(eventStoreDb(connection, keys));

  const until = { log, signal: stopping };
  const prepared = persistently('preparing the database', () => migrate(config.databaseUrl), until);
  const { url, id, topics } = config.mqtt;
  const forgetting = prepared.then(() =>
    regularly('seeing who was erased', LOOK_EVERY_MS, keys.look, until),
  );
  onStop('seeing who was erased', () => forgetting);
  const gateway = runGateway(
    {
      ...{ url, id, topics, timeoutMs: config.timeoutMs, eventStore, clock: systemClock, log },
      checkpoint: publishedUpTo(db),
      solely: async (work) => {
        await prepared;
        await solely(pool, 'ask-equipment', work, until);
      },
    },
    stopping,
  );
  onStop('gateway', () => gateway.stopped);

  const checks = {
    database: () => db.raw('select 1'),
    'event-store': eventStore.end,
    mqtt: async () => {
      if (!gateway.isConnected()) throw new NotReady('not connected to the broker');
      await Promise.resolve();
    },
  };
  const app = edgeApp({ title: 'Lastro adapters', checks, metrics: counted, log, stopping });
  const served = await serve(app, config.http);
  onStop('health and metrics', served.close);
  log.info({ port: served.port }, 'ready');
});
