import { systemClock } from '#shared/kernel/message.ts';
import { edge } from '#shared/platform/http/edge.ts';
import { NotReady } from '#shared/platform/http/health.ts';
import { serve } from '#shared/platform/http/serve.ts';
import { runProcess } from '#shared/platform/lifecycle.ts';
import { metrics } from '#shared/platform/metrics.ts';
import { persistently } from '#shared/platform/persistently.ts';
import { regularly } from '#shared/platform/regularly.ts';
import { connect } from '../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../adapters/eventstoredb/event-store.ts';
import { database } from '../adapters/postgres/database.ts';
import { disabledAccounts, LOOK_EVERY_MS } from '../adapters/postgres/disabled-accounts.ts';
import { effectExistsIn } from '../adapters/postgres/effects.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { personalKeys } from '../adapters/postgres/personal-keys.ts';
import { vaultIn } from '../adapters/postgres/vault.ts';
import { revocationsOnRecord } from './account/revocations.ts';
import { upkeep, UPKEEP_EVERY_MS } from './account/upkeep.ts';
import { commandApi } from './app.ts';
import { configFrom } from './config.ts';

const NAME = 'command-api';
const CONNECTIONS = 16;

await runProcess(NAME, async ({ log, onStop, stopping }) => {
  const config = await configFrom(process.env);
  const { secrets } = config;
  const counted = metrics();
  counted.ofTheProcess();

  const db = database(config.databaseUrl, { name: NAME, connections: CONNECTIONS });
  onStop('database', () => db.destroy());
  const connection = connect(config.eventStoreUrl, {
    onTrouble: (err) => {
      log.warn({ err }, 'in trouble with the event store; goes on by itself');
    },
  });
  onStop('event store', connection.dispose);

  const keys = personalKeys(db, secrets.masterKey);
  const eventStore = counted.measured(eventStoreDb(connection, keys));
  const vault = vaultIn(db);
  const disabled = disabledAccounts(db);
  let isPrepared = false;
  const checks = {
    'event-store': eventStore.end,
    database: async () => {
      if (!isPrepared) throw new NotReady('is being prepared');
      await db.raw('select 1');
    },
  };

  const api = commandApi({
    ...{ eventStore, vault, secrets, log, ...config.http },
    effectExists: effectExistsIn(db),
    isDisabled: disabled.isDisabled,
    observe: counted.observeRequest,
    beside: edge({ title: 'Lastro command API', checks, metrics: counted, log, stopping }),
  });
  const place = { port: config.port, variable: 'COMMAND_API_PORT', host: config.http.host };
  const served = await serve(api, place);

  const until = { log, signal: stopping };
  const recordRevocations = revocationsOnRecord(eventStore, vault.sessions);
  const look = upkeep({ eventStore, vault, recordRevocations, clock: systemClock });
  const running = (async () => {
    // The first call takes as long as it takes to connect: better now than for somebody who waits.
    void persistently('reaching the event store', eventStore.end, until);
    await persistently('preparing the database', () => migrate(config.databaseUrl), until);
    isPrepared = !stopping.aborted;
    await Promise.all([
      regularly('seeing who was disabled', LOOK_EVERY_MS, disabled.look, until),
      regularly('looking after credentials', UPKEEP_EVERY_MS, look, until),
    ]);
  })();
  onStop('upkeep', () => running);
  // Registered last, so that it comes first: what is in flight still needs the rest.
  onStop('requests', served.close);
  log.info({ port: served.port }, 'ready');
});
