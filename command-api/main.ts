import type { EventStore } from '#shared/kernel/event-store.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { edge } from '#shared/platform/http/edge.ts';
import { NotReady, type Checks } from '#shared/platform/http/health.ts';
import { serve } from '#shared/platform/http/serve.ts';
import { runProcess } from '#shared/platform/lifecycle.ts';
import type { Log } from '#shared/platform/log.ts';
import { metrics } from '#shared/platform/metrics.ts';
import { persistently } from '#shared/platform/persistently.ts';
import { untilReactionsBegin } from '#shared/platform/reactions-begun.ts';
import { regularly } from '#shared/platform/regularly.ts';
import { connect } from '../adapters/eventstoredb/connection.ts';
import { digestBeside } from '../adapters/eventstoredb/digesting.ts';
import { eventStoreDb } from '../adapters/eventstoredb/event-store.ts';
import { findingAmountIn } from '../adapters/postgres/conciliation/findings.ts';
import { standingIn } from '../adapters/postgres/conciliation/standing-index.ts';
import { statementsIn } from '../adapters/postgres/conciliation/statements.ts';
import { connectionPool, database } from '../adapters/postgres/database.ts';
import { disabledAccounts, LOOK_EVERY_MS } from '../adapters/postgres/disabled-accounts.ts';
import { effectExistsIn } from '../adapters/postgres/effects.ts';
import { LOOK_EVERY_MS as ERASED_EVERY_MS } from '../adapters/postgres/erased-people.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { openMonthsIn } from '../adapters/postgres/open-month-index.ts';
import { personalKeys } from '../adapters/postgres/personal-keys.ts';
import { vaultIn } from '../adapters/postgres/vault.ts';
import { revocationsOnRecord } from './account/revocations.ts';
import { upkeep, UPKEEP_EVERY_MS } from './account/upkeep.ts';
import { commandApi } from './app.ts';
import { takingBeside } from './conciliation/taking-beside.ts';
import { configFrom } from './config.ts';

const NAME = 'command-api';
const CONNECTIONS = 16;
/** As many statements are taken at a time; the next ones wait for their turn. */
const STATEMENTS_AT_ONCE = 4;

type Come = { readonly isPrepared: boolean; readonly hasBegun: boolean };

const checksOf = (
  db: ReturnType<typeof database>,
  { end }: Pick<EventStore, 'end'>,
  come: Come,
): Checks => ({
  'event-store': end,
  database: async () => {
    if (!come.isPrepared) throw new NotReady('is being prepared');
    await db.raw('select 1');
  },
  reactions: () => {
    if (!come.hasBegun) throw new NotReady('have not begun: start the projections');
    return Promise.resolve();
  },
});

const statementKeeping = (
  pool: ReturnType<typeof connectionPool>,
  db: ReturnType<typeof database>,
  hashKey: Buffer,
) => ({
  take: takingBeside(hashKey),
  statements: statementsIn(pool),
  findingAmount: findingAmountIn(db),
  standingOf: standingIn(db),
});

const troubleIn = (log: Log) => (err: unknown) => {
  log.warn({ err }, 'in trouble with a server; goes on by itself');
};

await runProcess(NAME, async ({ log, onStop, stopping }) => {
  const config = await configFrom(process.env);
  const { secrets } = config;
  const counted = metrics();
  counted.ofTheProcess();

  const db = database(config.databaseUrl, { name: NAME, connections: CONNECTIONS });
  onStop('database', () => db.destroy());
  const trouble = troubleIn(log);
  const loading = { name: 'statements', connections: STATEMENTS_AT_ONCE };
  const pool = connectionPool(config.databaseUrl, loading, trouble);
  onStop('statements', () => pool.end());
  const connection = connect(config.eventStoreUrl, { onTrouble: trouble });
  onStop('event store', connection.dispose);

  const keys = personalKeys(db, secrets.masterKey);
  const eventStore = counted.measured(eventStoreDb(connection, keys));
  const vault = vaultIn(db);
  const disabled = disabledAccounts(db);
  const come = { isPrepared: false, hasBegun: false };
  const checks = checksOf(db, eventStore, come);

  const api = commandApi({
    ...{ eventStore, vault, secrets, destroyKey: keys.destroy, log, ...config.http },
    effectExists: effectExistsIn(db),
    digest: digestBeside(config.eventStoreUrl, stopping),
    openMonthsOf: openMonthsIn(db),
    conciliation: { keys, ...statementKeeping(pool, db, secrets.hashKey), ...config.conciliation },
    isDisabled: disabled.isDisabled,
    hasBegun: () => come.hasBegun,
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
    come.isPrepared = !stopping.aborted;
    come.hasBegun = await untilReactionsBegin(db, until);
    await Promise.all([
      regularly('seeing who was disabled', LOOK_EVERY_MS, disabled.look, until),
      regularly('seeing who was erased', ERASED_EVERY_MS, keys.look, until),
      regularly('looking after credentials', UPKEEP_EVERY_MS, look, until),
    ]);
  })();
  onStop('upkeep', () => running);
  // Registered last, so that it comes first: what is in flight still needs the rest.
  onStop('requests', served.close);
  log.info({ port: served.port }, 'ready');
});
