/**
 * How much of what is possible the embedded event store gives. Each number stands beside the one
 * it cannot exceed: appends beside LMDB alone, committing the same bytes with the same sync, and
 * beside a server that keeps nothing and answers at once; reads and subscriptions beside a server
 * that streams the same messages from memory. Servers run in processes of their own.
 *
 *   node --import tsx bench/eventstore.ts
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  EventStoreDBClient,
  jsonEvent,
  START,
  type AllStreamSubscription,
  type JSONEventType,
  type StreamingRead,
} from '@eventstore/db-client';
import { draftOn } from '../embedded/eventstore/draft.ts';
import { openLog } from '../embedded/eventstore/log.ts';
import { eventStoreNode } from '../embedded/eventstore/node.ts';
import { answerOf, encodeRecord } from '../embedded/eventstore/record.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { ceilingServer } from './eventstore-ceiling.ts';

const IN_FLIGHT = [1, 16, 64] as const;
/** Measured in turns, and the median taken: a machine that is shared is not the same all the time. */
const ROUNDS = 5;
const APPENDS_MS = 1_000;
const EVENTS = 30_000;
const FILLED_AT_ONCE = 500;
const CONTENT = {
  activationId: derivedId('bench'),
  companyId: 'company-17',
  customerEmail: { key: derivedId('key'), text: 'Z0FBQUFBQm1h'.repeat(8) },
};
const METADATA = {
  commandId: derivedId('command'),
  correlationId: derivedId('correlation'),
  actor: { id: derivedId('actor'), role: 'analyst' },
  at: '2026-01-02T00:00:00.000Z',
};

type Benched = JSONEventType<'ActivationSubmitted', typeof CONTENT, typeof METADATA>;

const anEvent = () =>
  jsonEvent<Benched>({ type: 'ActivationSubmitted', data: CONTENT, metadata: METADATA });
const recorded = (number: number) => ({
  id: derivedId('event', String(number)),
  type: 'ActivationSubmitted',
  contentType: 'application/json',
  metadata: Buffer.from(JSON.stringify(METADATA)),
  data: Buffer.from(JSON.stringify(CONTENT)),
});

const perSecond = (count: number, ms: number) => Math.round((count / ms) * 1000);
const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

type Measure = readonly [name: string, measure: () => Promise<number>];

/** What is ours first, then what it cannot exceed. */
const row = async (what: string, ours: Measure, ...ceilings: readonly Measure[]): Promise<void> => {
  const measures = [ours, ...ceilings].map(([name, measure]) => ({
    name,
    measure,
    rates: new Array<number>(),
  }));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const { measure, rates } of measures) rates.push(await measure());

  const [first = NaN, ...rest] = measures.map(({ rates }) => median(rates));
  const beside = rest.map(
    (rate, index) => `${ceilings[index]?.[0]} ${rate}/s (${(first / rate).toFixed(2)})`,
  );
  process.stdout.write(
    `${what.padEnd(26)} ${String(first).padStart(6)}/s   ${beside.join('   ')}\n`,
  );
};

const messages = () => {
  const place = { stream: 'activation-1', created: 0 };
  return Array.from({ length: EVENTS }, (_, number) =>
    answerOf(
      encodeRecord(recorded(number), { ...place, revision: number, position: number * 900 }),
    ),
  );
};

const lmdbAlone = async (directory: string, inFlight: number): Promise<number> => {
  const log = openLog(directory);
  let [appends, ms] = [0, 0];
  while (ms < APPENDS_MS) {
    const draft = draftOn(log, 0);
    for (let index = 0; index < inFlight; index += 1)
      draft.append(`activation-${derivedId(String(appends++))}`, [recorded(appends)]);
    const started = performance.now();
    await log.commit(draft.changes());
    ms += performance.now() - started;
  }
  await log.close();
  return perSecond(appends, ms);
};

const appendsPerSecond = async (client: EventStoreDBClient, inFlight: number): Promise<number> => {
  const started = performance.now();
  let appends = 0;
  const append = async () => {
    while (performance.now() - started < APPENDS_MS) {
      const stream = `activation-${derivedId('run', String(started), String(appends++))}`;
      await client.appendToStream(stream, [anEvent()], { expectedRevision: 'no_stream' });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, append));
  return perSecond(appends, performance.now() - started);
};

const fill = async (client: EventStoreDBClient): Promise<void> => {
  for (let filled = 0; filled < EVENTS; filled += FILLED_AT_ONCE)
    await client.appendToStream(
      `filled-${filled}`,
      Array.from({ length: FILLED_AT_ONCE }, anEvent),
    );
};

/** Flowing, and cancelled while it flows: a stream that is left half read never lets go. */
const readPerSecond = async (events: AllStreamSubscription | StreamingRead<unknown>) => {
  const started = performance.now();
  let count = 0;
  const stream = (events as Readable).on('data', () => {
    if (++count === EVENTS) stream.emit('enough');
  });
  await Promise.race([once(stream, 'enough'), once(stream, 'end')]);
  const rate = perSecond(count, performance.now() - started);
  if ('unsubscribe' in events) await events.unsubscribe();
  return rate;
};

const serverIn = async (mode: string, directory: string) => {
  const child: ChildProcess = fork(import.meta.filename, [mode, directory]);
  const [port] = (await once(child, 'message')) as [number];
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
  return {
    client,
    stop: async () => {
      await client.dispose();
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
};

const compare = async (root: string): Promise<void> => {
  const [ours, ceiling] = [await serverIn('node', root), await serverIn('ceiling', root)];
  const lmdb = join(root, 'lmdb');
  for (const { client } of [ours, ceiling]) await appendsPerSecond(client, 64);
  for (const inFlight of IN_FLIGHT)
    await row(
      `appends, ${inFlight} in flight`,
      ['ours', () => appendsPerSecond(ours.client, inFlight)],
      ['in memory', () => appendsPerSecond(ceiling.client, inFlight)],
      ['LMDB alone', () => lmdbAlone(lmdb, inFlight)],
    );

  await fill(ours.client);
  const all = { fromPosition: START, maxCount: EVENTS } as const;
  for (const [what, read] of [
    ['readAll', (client: EventStoreDBClient) => client.readAll(all)],
    ['subscription, catching up', (client: EventStoreDBClient) => client.subscribeToAll(all)],
  ] as const)
    await row(
      what,
      ['ours', () => readPerSecond(read(ours.client))],
      ['in memory', () => readPerSecond(read(ceiling.client))],
    );
  await ours.stop();
  await ceiling.stop();
};

const [mode, directory = ''] = process.argv.slice(2);
if (mode === undefined) {
  const root = mkdtempSync(join(tmpdir(), 'lastro-bench-'));
  try {
    await compare(root);
  } finally {
    rmSync(root, { recursive: true });
  }
} else {
  process.on('disconnect', () => process.exit(0));
  process.send?.(
    mode === 'ceiling'
      ? await ceilingServer(messages())
      : (await eventStoreNode({ directory, port: 0 })).port,
  );
}
