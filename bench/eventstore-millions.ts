/**
 * The embedded event store with millions of events in it: how long it takes to start, how fast it
 * appends beside one that is nearly empty, and what memory that takes.
 *
 *   node --import tsx bench/eventstore-millions.ts [millions of events, 5 unless told otherwise]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { draftOn } from '../embedded/eventstore/draft.ts';
import { openLog } from '../embedded/eventstore/log.ts';
import { fileIn } from '../embedded/eventstore/stores.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { show, sustained } from './figures.ts';

const FEW = 10_000;
const EVENTS_PER_STREAM = 5;
const STREAMS_AT_ONCE = 400;
const AT_ONCE = 64;
const SECONDS = 10;
const MB = 1_024 * 1_024;

const METADATA = Buffer.from(JSON.stringify({ commandId: derivedId('c'), at: '2026-01-01' }));
const DATA = Buffer.from(JSON.stringify({ text: 'x'.repeat(250) }));
const event = (nth: number) => ({
  id: derivedId('event', String(nth)),
  type: 'Happened',
  contentType: 'application/json',
  metadata: METADATA,
  data: DATA,
});

const fill = async (directory: string, events: number): Promise<void> => {
  const log = openLog(directory);
  for (let nth = 0; nth < events;) {
    const draft = draftOn(log, 0);
    for (let stream = 0; stream < STREAMS_AT_ONCE && nth < events; stream += 1) {
      const of = Array.from({ length: Math.min(EVENTS_PER_STREAM, events - nth) }, () =>
        event(nth++),
      );
      draft.append(`filled-${derivedId('stream', String(nth))}`, of);
    }
    await log.commit(draft.changes());
  }
  await log.close();
};

const memoryOf = (pid: number): string => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [all, own] = ['VmRSS', 'RssAnon'].map((field) =>
    Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024),
  );
  return `RSS ${all} MB, of which its own ${own} MB`;
};

const measure = async (directory: string, events: number): Promise<void> => {
  await fill(directory, events);
  const size = Math.round(statSync(fileIn(directory)).size / MB);
  const started = performance.now();
  const child = fork(import.meta.filename, ['serve', directory]);
  const [{ port, openedMs }] = (await once(child, 'message')) as [
    { port: number; openedMs: number },
  ];
  const upMs = performance.now() - started;
  console.log(
    `${events} events, ${size} MB: up in ${upMs.toFixed(0)} ms, ${openedMs.toFixed(0)} ms of them to open the log`,
  );
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
  const append = (nth: number) =>
    client.appendToStream(
      `new-${derivedId(directory, String(nth))}`,
      jsonEvent({ type: 'Happened', data: { text: 'x'.repeat(250) } }),
      { expectedRevision: NO_STREAM },
    );
  await sustained(append, { atOnce: AT_ONCE, seconds: 2 });
  const figures = await sustained((nth) => append(nth + 1e9), {
    atOnce: AT_ONCE,
    seconds: SECONDS,
  });
  show(`  appends, ${AT_ONCE} in flight`, figures);
  console.log(`  ${memoryOf(child.pid ?? 0)}`);
  await client.dispose();
  const gone = once(child, 'exit');
  child.disconnect();
  await gone;
};

const [mode = '5', directory = ''] = process.argv.slice(2);
if (mode === 'serve') {
  process.on('disconnect', () => process.exit(0));
  const { eventStoreNode } = await import('../embedded/eventstore/node.ts');
  const started = performance.now();
  const { port } = await eventStoreNode({ directory, port: 0 });
  process.send?.({ port, openedMs: performance.now() - started });
} else {
  const root = mkdtempSync(join(tmpdir(), 'lastro-millions-'));
  try {
    await measure(join(root, 'few'), FEW);
    await measure(join(root, 'many'), Number(mode) * 1_000_000);
  } finally {
    rmSync(root, { recursive: true });
  }
}
