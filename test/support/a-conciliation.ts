import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Pool } from 'pg';
import type { Source } from '#shared/conciliation/categories.ts';
import { closedPeriodsIn } from '#shared/conciliation/closed-periods.ts';
import { conciliationEvents } from '#shared/conciliation/events.ts';
import type { Matching } from '#shared/conciliation/matching.ts';
import type { Format } from '#shared/conciliation/reading.ts';
import { KEPT } from '#shared/conciliation/tables.ts';
import { ourSalesTable, ourSalesView } from '#shared/conciliation/view.ts';
import type { AccountId, ConciliationId, StatementId } from '#shared/ids.ts';
import { BEGINNING, type EventStore } from '#shared/kernel/event-store.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { checkpointSchema, standingOf } from '#shared/platform/checkpoint.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { matchingIn, type Matchers } from '../../adapters/postgres/conciliation/matching.ts';
import {
  conciliationPastSchema,
  conciliationRunsSchema,
  conciliationSchema,
  statementTable,
} from '../../adapters/postgres/conciliation/schema.ts';
import { statementsIn } from '../../adapters/postgres/conciliation/statements.ts';
import { connectionPool } from '../../adapters/postgres/database.ts';
import { personalKeys, personalKeysSchema } from '../../adapters/postgres/personal-keys.ts';
import {
  receivingStatements,
  type ReceivingDeps,
} from '../../command-api/conciliation/receiving.ts';
import { takingHere } from '../../command-api/conciliation/taking.ts';
import { conciliate } from '../../projections/conciliation/effects.ts';
import { conciliations } from '../../projections/conciliation/conciliations-view.ts';
import { allItems, type ItemFound, type Run } from '../../query-api/conciliation/items.ts';
import { findings } from '../../projections/conciliation/findings-view.ts';
import { conciliationPeriods } from '../../projections/conciliation/periods-view.ts';
import { ourSales } from '../../projections/conciliation/our-sales-view.ts';
import { CONCILIATE } from '../../projections/conciliation/reactions.ts';
import { step } from '../../projections/follower.ts';
import { prepareView, viewFollower } from '../../projections/view-follower.ts';
import type { AnyView } from '../../projections/view.ts';
import { aDatabase } from './a-database.ts';
import { carriedOut } from './carried-out.ts';
import { hashKey, historyOf, type PlantedSale } from './a-statement.ts';

const VIEWS: readonly AnyView[] = [ourSales, conciliations, findings, conciliationPeriods];
const OUR_SALES = { table: ourSalesTable, view: ourSalesView };

const prepare = async (db: Knex): Promise<void> => {
  for (const schema of [
    ...[personalKeysSchema, checkpointSchema],
    ...[conciliationSchema, conciliationPastSchema, conciliationRunsSchema],
  ])
    await schema.up(db);
};

/** What is kept of statements, table by table. */
export const tablesOf = async (db: Knex): Promise<readonly string[]> => {
  const { rows } = await db.raw<{ readonly rows: readonly { readonly name: string }[] }>(
    `select tablename as name from pg_tables where schemaname = ? and tablename <> 'statement'`,
    [KEPT],
  );
  return rows.map(({ name }) => name);
};

/** A log, a database, and all that a statement goes through; each step when it is told to. */
export const aConciliation = () => {
  const database = aDatabase(prepare);
  let pool: Pool;
  before(() => {
    pool = connectionPool(database.url(), { name: 'spec', connections: 2 }, () => undefined);
  });
  after(() => pool.end());

  return Object.assign(() => aLog(database(), pool), { database });
};

type Sent = {
  readonly source?: Source;
  readonly from?: string;
  readonly to?: string;
  readonly format?: Format;
};
const PERIOD = { source: 'cashback-api', from: '2026-01-01', to: '2026-01-31' } as const;
const by = '5d0b2a52-3c5e-5a0e-9d0a-0000000000a1' as AccountId;

const wholly = async function* (text: string) {
  yield await Promise.resolve(Buffer.from(text));
};

/** As a request and the job that follows from it, without HTTP and without a queue. */
const actingOn = (deps: ReceivingDeps) => {
  const { eventStore } = deps;
  const receive = receivingStatements(deps);
  return {
    send: async (text: string | AsyncIterable<Uint8Array>, sent: Sent = {}) => {
      const bytes = typeof text === 'string' ? wholly(text) : text;
      const asked = () => ({ keyed: false, meta: { ...meta, commandId: randomUUID() } });
      const at = systemClock();
      const whole = { bytes, format: 'text/csv', ...PERIOD, ...sent, by, at, asked } as const;
      const received = await receive(whole);
      if (received.outcome === 'refused') throw new Error(received.reason);
      return received;
    },
    carryOut: async (id: ConciliationId, matching: Matching) => {
      const effect = conciliate({ eventStore, matching, clock: systemClock, patienceMs: 1_000 });
      const data = { conciliationId: id };
      await carriedOut(effect, { kind: CONCILIATE, stream: `conciliation-${id}`, data });
    },
  };
};

/** Items as they are listed, pairs and all. */
const listed = async (
  db: Knex,
  statementId: StatementId,
  chunk?: number,
): Promise<readonly ItemFound[]> => {
  const run = await db<Run & { readonly id: StatementId }>(statementTable)
    .where('id', statementId)
    .first<Run | undefined>('id as statement_id', 'position', 'source', 'from_day', 'to_day');
  if (!run) throw new Error('There is no such statement');
  const items: ItemFound[] = [];
  for await (const some of allItems(db, run, {}, chunk)) items.push(...some);
  return items;
};

const aLog = (db: Knex, pool: Pool) => {
  const keys = personalKeys(db, Buffer.alloc(32, 1), { rememberedMs: 1 });
  const eventStore: EventStore = inMemoryEventStore({ keys });
  const statements = statementsIn(pool);
  const { send, carryOut } = actingOn({
    ...{ eventStore, take: takingHere(hashKey), keys, statements },
    closedPeriods: closedPeriodsIn(eventStore),
  });
  const matchingWith = (matchers?: Matchers): Matching =>
    matchingIn(db, { keys, sales: OUR_SALES, ...(matchers && { matchers }) });

  const catchUp = async () => {
    for (const view of VIEWS) {
      await prepareView(db, view);
      let from = (await standingOf(db, view.name))?.position ?? BEGINNING;
      for await (const page of eventStore.pages(view.events, from))
        from = await step(db, viewFollower(view), from, page);
    }
  };
  const eventsOf = async (id: ConciliationId) =>
    (await eventStore.read(`conciliation-${id}`, conciliationEvents)).events;

  return {
    ...{ db, keys, eventStore, statements, catchUp, eventsOf, matchingWith, send },
    startedAs: async (id: ConciliationId) => {
      const [first] = await eventsOf(id);
      if (first?.type !== 'ConciliationStarted') throw new Error('It was not started');
      return { ...first.data, position: first.position };
    },
    /** An empty log, and nothing in the database. */
    begin: async () => {
      for (const { table } of VIEWS) await db.schema.dropTableIfExists(table);
      for (const table of await tablesOf(db)) await db.schema.withSchema(KEPT).dropTable(table);
      await db.raw('truncate projection, conciliation.statement');
    },
    sold: async (planted: readonly PlantedSale[]) => {
      for (const sale of planted) {
        const events = historyOf(sale);
        const stream = `sale-${events[0]?.data.saleId ?? ''}`;
        await eventStore.append(stream, saleEvents, events, { expected: 'no-stream', meta });
      }
    },
    run: async (id: ConciliationId, matching = matchingWith()) => {
      await catchUp();
      await carryOut(id, matching);
      return (await eventsOf(id)).at(-1);
    },
    itemsOf: (statementId: StatementId, chunk?: number) => listed(db, statementId, chunk),
  };
};
export type AConciliation = ReturnType<typeof aLog>;
