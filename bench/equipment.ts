// From asking for a transaction to its final status, against a round trip over the broker and two
// appends, in one run on one machine:
//   node --import tsx bench/equipment.ts [seconds per measurement]
import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { connectAsync } from 'mqtt';
import { aSystem, type ASystem } from '../test/support/a-system.ts';
import { aUser } from '../test/support/a-user.ts';
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

const transactions = async (system: ASystem): Promise<Figures> => {
  const operator = await aUser(system, 'operator');
  const stations = await Promise.all(
    Array.from({ length: STATIONS }, async () => {
      const made = await operator.post('/v1/stations', { description: 'Bench' });
      return (made.body as { readonly id: string }).id;
    }),
  );
  const client = EventStoreDBClient.connectionString(system.eventStoreUrl);
  const [begun, ended] = [new Map<string, number>(), new Map<string, number>()];
  const { heard, of } = hearing();
  const log = client.subscribeToAll({ fromPosition: 'end' });
  log.on('data', ({ event }) => {
    if (!event || !/^Swap(Completed|Failed|Expired)$/.test(event.type)) return;
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
      if (!ended.has(stream)) await of(stream);
    },
    { atOnce: AT_ONCE, seconds },
  );
  const took = [...begun].map(([stream, at]) => (ended.get(stream) ?? Number.NaN) - at);
  await log.unsubscribe();
  await client.dispose();
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
