import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BEGINNING, type EventStore, type Recorded } from '#shared/kernel/event-store.ts';
import { together } from '#shared/kernel/message.ts';
import { equipmentUnmatchedEvents, swapEvents, type SwapEvent } from '#shared/swap/events.ts';
import { swapIdOf } from '#shared/swap/number.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { connect } from '../../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../../adapters/eventstoredb/event-store.ts';
import { aMain, type AMain } from '../../embedded/testing/a-main.ts';
import type { ABroker } from './a-broker.ts';
import { someSwaps } from './a-gateway.ts';
import { aWitness, type Sent } from './a-witness.ts';
import { judged, storyOf, type Judgement } from './equipment-oracle.ts';
import { freePorts } from '#shared/platform/free-port.ts';
import { waitUntil } from './wait-until.ts';

/** So many are left without an end before more are started. */
const MOST_OPEN = 300;
const STARTED_AT_ONCE = 8;
const LONGEST_END_MS = 120_000;
const ENDS: ReadonlySet<string> = new Set(['SwapCompleted', 'SwapFailed', 'SwapExpired']);

export type Proving = {
  readonly transactions: number;
  readonly broker: ABroker;
  readonly version: 4 | 5;
  readonly databaseUrl: string;
  readonly eventStoreUrl: string;
  readonly timeoutMs: number;
  readonly onProgress?: (started: number, ended: number) => void;
};

export type Proof = Readonly<Record<Judgement, readonly number[]>> & {
  /** Events by type, and replies that changed nothing by why. */
  readonly counted: ReadonlyMap<string, number>;
  readonly story: (number: number) => string;
};

const isReady = async (port: string): Promise<boolean> => {
  try {
    const signal = AbortSignal.timeout(2_000);
    return (await fetch(`http://127.0.0.1:${port}/health/ready`, { signal })).ok;
  } catch {
    return false;
  }
};

/** The processes that a transaction needs, once it is started: timers, and two gateways. */
const processes = async ({ broker, databaseUrl, eventStoreUrl, timeoutMs }: Proving) => {
  const directory = mkdtempSync(join(tmpdir(), 'lastro-proof-'));
  const ports = (await freePorts(3)).map(String);
  const running = new Map<string, AMain>();
  const common = {
    ...{ DATABASE_URL: databaseUrl, EVENTSTORE_URL: eventStoreUrl, MQTT_URL: broker.url },
    ...{ LASTRO_DATA_DIR: directory, LISTEN_HOST: '127.0.0.1', LOG_LEVEL: 'error' },
    TRANSACTION_TIMEOUT_MS: String(timeoutMs),
  };
  const start = async (name: string, port = ''): Promise<void> => {
    const own =
      name === 'projections'
        ? { PROJECTIONS_PORT: port }
        : { ADAPTERS_PORT: port, MQTT_GATEWAY_ID: name };
    const main = name === 'projections' ? 'projections/main.ts' : 'adapters/main.ts';
    const started = aMain(main, { ...common, ...own });
    running.set(name, started);
    await waitUntil(`${name} is ready: ${started.lines.join(' ')}`, () => isReady(port), 60_000);
  };
  const kill = async (name: string, signal: NodeJS.Signals = 'SIGKILL') => {
    const one = running.get(name);
    one?.process.kill(signal);
    await one?.exit;
  };
  const [first, second, third] = ports;
  return {
    startAll: () =>
      Promise.all([
        start('projections', first),
        start('gateway-1', second),
        start('gateway-2', third),
      ]),
    restart: async (name: 'gateway-1' | 'gateway-2') => {
      await kill(name);
      await start(name, name === 'gateway-1' ? second : third);
    },
    stop: async () => {
      await Promise.all([...running.keys()].map((name) => kill(name, 'SIGTERM')));
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
type Processes = Awaited<ReturnType<typeof processes>>;

const restarted = async (broker: ABroker): Promise<void> => {
  await broker.kill();
  await broker.start();
};

const upTo = (last: number, first: number, count: number): number[] =>
  Array.from({ length: Math.min(count, last - first + 1) }, (_, nth) => first + nth);

/** What happens when so much of it all has been started. */
const troubles = (broker: ABroker, { restart }: Processes) =>
  new Map<number, () => Promise<unknown>>([
    [0.15, () => restarted(broker)],
    [0.35, () => restart('gateway-1')],
    [0.55, () => restart('gateway-2')],
    [0.75, () => Promise.all([restarted(broker), restart('gateway-1')])],
  ]);

/** All that the log says, as it comes. */
const observing = (eventStore: EventStore) => {
  const stopping = new AbortController();
  const bySwap = new Map<string, Recorded<SwapEvent>[]>();
  const counted = new Map<string, number>();
  let ended = 0;
  const count = (what: string) => counted.set(what, (counted.get(what) ?? 0) + 1);

  const observe = async () => {
    const events = together(swapEvents, equipmentUnmatchedEvents);
    for await (const page of eventStore.pages(events, BEGINNING, stopping.signal))
      for (const event of page.events) {
        count(event.type);
        if (event.type === 'EquipmentReplyUnmatched') continue;
        if (event.type === 'EquipmentReplyIgnored') count(event.data.why);
        const before = bySwap.get(event.stream) ?? [];
        if (ENDS.has(event.type) && !before.some(({ type }) => ENDS.has(type))) ended += 1;
        bySwap.set(event.stream, [...before, event]);
      }
  };
  const observed = observe();
  return {
    ...{ bySwap, counted, ended: () => ended },
    stop: async () => {
      stopping.abort();
      await observed;
    },
  };
};

const judgements = (
  transactions: number,
  bySwap: ReadonlyMap<string, readonly SwapEvent[]>,
  said: ReadonlyMap<number, readonly Sent[]>,
): Record<Judgement, number[]> & Pick<Proof, 'story'> => {
  const found: Record<Judgement, number[]> = { right: [], wrong: [], lost: [], open: [] };
  const eventsOf = (number: number) => bySwap.get(`swap-${swapIdOf(number)}`) ?? [];
  const sent = (number: number) => said.get(number) ?? [];
  for (let number = 1; number <= transactions; number++)
    found[judged(eventsOf(number), sent(number))].push(number);
  return { ...found, story: (number) => storyOf(eventsOf(number), sent(number)) };
};

/**
 * Starts transactions while the broker and both gateways are killed and come back, lets all of them
 * come to their end, and judges each by what its equipment said.
 */
export const prove = async (proving: Proving): Promise<Proof> => {
  const { transactions, broker, version, eventStoreUrl, timeoutMs } = proving;
  const connection = connect(eventStoreUrl);
  const eventStore = eventStoreDb(connection, inMemoryKeys());
  const { start } = someSwaps(eventStore);
  const log = observing(eventStore);
  const plan = { mode: 'mixed', seed: 'a proof', lateMs: timeoutMs + 2_000 } as const;
  const witness = aWitness(broker.url, version, plan);
  const all = await processes(proving);
  const due = troubles(broker, all);

  try {
    await all.startAll();
    let trouble: Promise<unknown> = Promise.resolve();
    for (let first = 1; first <= transactions; first += STARTED_AT_ONCE) {
      const isRoom = () => first - log.ended() <= MOST_OPEN;
      if (!isRoom()) await waitUntil('some come to an end', isRoom, LONGEST_END_MS);
      const numbers = upTo(transactions, first, STARTED_AT_ONCE);
      await Promise.all(numbers.map((number) => start(number, number % 2 ? 'text' : 'json')));
      proving.onProgress?.(first, log.ended());
      for (const [share, strike] of due)
        if (first >= transactions * share && due.delete(share)) trouble = trouble.then(strike);
    }
    await trouble;
    const isOver = () => log.ended() === transactions;
    await waitUntil('all have an end', isOver, LONGEST_END_MS).catch(() => undefined);
    // What is late by plan comes when all is over.
    await waitUntil(
      'late replies are kept',
      () => (log.counted.get('late') ?? 0) > 0,
      timeoutMs * 2,
    );
    return { ...judgements(transactions, log.bySwap, witness.sent), counted: log.counted };
  } finally {
    await witness.stop();
    await all.stop();
    await log.stop();
    await connection.dispose();
  }
};
