// From asking for a transaction to its final status, against a round trip over the broker and two
// appends, in one run on one machine:
//   node --import tsx bench/equipment.ts [seconds per measurement]
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM, streamNameFilter } from '@eventstore/db-client';
import { connectAsync } from 'mqtt';
import { aSystem, type ASystem } from '../test/support/a-system.ts';
import { aUser, type AUser } from '../test/support/a-user.ts';
import { waitUntil } from '../test/support/wait-until.ts';
import { figuresOf, show, sustained, type Figures } from './figures.ts';

const AT_ONCE = 32;
const STATIONS = 16;
const LONGEST_WAIT_MS = 30_000;

const seconds = Number(process.argv[2] ?? 10);

/** Resolves what was asked under a name when somebody has heard of it. */
const hearing = () => {
  const waiting = new Map<string, () => void>();
  return {
    heard: (name: string) => {
      waiting.get(name)?.();
      waiting.delete(name);
    },
    of: (name: string) =>
      new Promise<void>((resolve, reject) => {
        const late = setTimeout(reject, LONGEST_WAIT_MS, new Error(`Nobody heard of ${name}`));
        waiting.set(name, () => {
          clearTimeout(late);
          resolve();
        });
      }),
  };
};

/** To an echo and back with QoS 1, between one append and another: the least that it takes. */
const floor = async ({ mqttUrl, eventStoreUrl }: ASystem): Promise<Figures> => {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const options = { protocolVersion: 4 } as const;
  const [asker, echo] = [
    await connectAsync(mqttUrl, options),
    await connectAsync(mqttUrl, options),
  ];
  const { heard, of } = hearing();
  echo.on('message', (_topic, payload) => void echo.publish('bench/back', payload, { qos: 1 }));
  asker.on('message', (_topic, payload) => {
    heard(payload.toString());
  });
  await echo.subscribeAsync('bench/there', { qos: 1 });
  await asker.subscribeAsync('bench/back', { qos: 1 });
  const append = (stream: string) =>
    client.appendToStream(stream, [jsonEvent({ type: 'RawAppended', data: { at: Date.now() } })], {
      expectedRevision: NO_STREAM,
    });

  const figures = await sustained(
    async () => {
      const name = randomUUID();
      await append(`raw-${name}-asked`);
      const back = of(name);
      asker.publish('bench/there', name, { qos: 1 });
      await back;
      await append(`raw-${name}-answered`);
    },
    { atOnce: AT_ONCE, seconds },
  );
  await Promise.all([asker.endAsync(true), echo.endAsync(true), client.dispose()]);
  return figures;
};

/** When the store took each event of a transaction, in ms. */
type Taken = Partial<Record<'started' | 'published' | 'ended', number>>;
const STAGES: Readonly<Record<string, keyof Taken>> = {
  SwapStarted: 'started',
  SwapPublished: 'published',
  SwapCompleted: 'ended',
  SwapFailed: 'ended',
  SwapExpired: 'ended',
};

const showStage = (what: string, all: readonly Taken[], from: keyof Taken, to: keyof Taken) => {
  const took = all.map((taken) => (taken[to] ?? Number.NaN) - (taken[from] ?? Number.NaN));
  const { p50, p99 } = figuresOf(took, 1);
  console.log(`  ${what.padEnd(42)} p50 ${p50.toFixed(0)} ms  p99 ${p99.toFixed(0)} ms`);
};

/** What others make of the events before is not part of what comes after. */
const untilAllIsRead = async (operator: AUser): Promise<void> => {
  type Followers = { readonly items: readonly { readonly lag: { readonly seconds: number } }[] };
  const isRead = async () => {
    const { items } = (await operator.get('/v1/projections')).body as Followers;
    return items.every(({ lag }) => lag.seconds < 1);
  };
  await waitUntil('everybody has read the log', isRead, 120_000);
};

const transactions = async (system: ASystem): Promise<Figures> => {
  const operator = await aUser(system, 'operator');
  await untilAllIsRead(operator);
  const stations = await Promise.all(
    Array.from({ length: STATIONS }, async () => {
      const made = await operator.post('/v1/stations', { description: 'Bench' });
      return (made.body as { readonly id: string }).id;
    }),
  );
  const client = EventStoreDBClient.connectionString(system.eventStoreUrl);
  const [begun, ended] = [new Map<string, number>(), new Map<string, number>()];
  const stages = new Map<string, Taken>();
  const answered: number[] = [];
  const { heard, of } = hearing();
  const filter = streamNameFilter({ prefixes: ['swap-'] });
  const log = client.subscribeToAll({ fromPosition: 'end', filter });
  log.on('data', ({ event }) => {
    const stage = STAGES[event?.type ?? ''];
    if (!event || !stage) return;
    stages.set(event.streamId, {
      [stage]: event.created.getTime(),
      ...stages.get(event.streamId),
    });
    if (stage !== 'ended') return;
    ended.set(event.streamId, performance.now());
    heard(event.streamId);
  });

  const started = performance.now();
  await sustained(
    async (nth) => {
      const at = performance.now();
      const asked = await operator.post(
        `/v1/stations/${stations[nth % STATIONS] ?? ''}/transactions`,
      );
      if (asked.status !== 201) throw new Error(`Refused: ${JSON.stringify(asked.body)}`);
      const stream = `swap-${(asked.body as { readonly id: string }).id}`;
      begun.set(stream, at);
      answered.push(performance.now() - at);
      if (!ended.has(stream)) await of(stream);
    },
    { atOnce: AT_ONCE, seconds },
  );
  const took = [...begun].map(([stream, at]) => (ended.get(stream) ?? Number.NaN) - at);
  await log.unsubscribe();
  await client.dispose();
  const { p50, p99 } = figuresOf(answered, 1);
  console.log(`  ${'POST alone'.padEnd(42)} p50 ${p50.toFixed(0)} ms  p99 ${p99.toFixed(0)} ms`);
  showStage('started to published', [...stages.values()], 'started', 'published');
  showStage('published to final', [...stages.values()], 'published', 'ended');
  return figuresOf(took, (performance.now() - started) / 1_000);
};

const system = await aSystem({ EQUIPMENT_SIMULATOR: 'random', EQUIPMENT_SEED: 'bench' });
try {
  await system.start();
  const least = await floor(system);
  show('round trip over the broker, and two appends', least);
  show('POST to final status', await transactions(system), least);
  show('round trip and two appends, once more', await floor(system), least);
} finally {
  await system.remove();
}
