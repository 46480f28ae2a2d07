// What sealing and verifying cost, against draining the same events and hashing their leaves alone;
// and what sealing takes from those who append meanwhile. All in one run on one machine:
//   node --import tsx bench/seals.ts [events, at most 1000000] [seconds of appending]
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { leafOf } from '#shared/audit/leaf.ts';
import type { DigestLog } from '#shared/audit/ports.ts';
import { verifying } from '#shared/audit/verifying.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { StoredEvent, StoredLog } from '#shared/kernel/stored-log.ts';
import { connect } from '../adapters/eventstoredb/connection.ts';
import { digestBeside } from '../adapters/eventstoredb/digesting.ts';
import { paging } from '../adapters/eventstoredb/patience.ts';
import { storedLog } from '../adapters/eventstoredb/stored-log.ts';
import { show, sustained } from './figures.ts';
import { fillLog } from './replay-log.ts';

const MOST = 1_000_000;
const AT_ONCE = 16;
const MIB = 1024 * 1024;

const events = Math.min(MOST, Number(process.argv[2] ?? 100_000));
const seconds = Number(process.argv[3] ?? 10);

const eachPage = async (
  log: StoredLog,
  upTo: bigint,
  work: (page: readonly StoredEvent[]) => void,
): Promise<void> => {
  for (let place = BEGINNING; place < upTo;) {
    const page = await log.page(place);
    work(page.events);
    if (!page.more) return;
    place = page.upTo;
  }
};

let floor = 0;
const timed = async (what: string, work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  const took = (performance.now() - began) / 1_000;
  if (floor === 0) floor = took;
  const rss = `${Math.round(process.memoryUsage().rss / MIB)} MiB`;
  console.log(
    `${what.padEnd(44)} ${took.toFixed(1).padStart(7)} s  ${Math.round(events / took)}/s  ` +
      `${(took / floor).toFixed(2)} of draining and hashing alone  ${rss}`,
  );
  return took;
};

const appending = (url: string) => {
  const client = EventStoreDBClient.connectionString(url);
  const run = randomUUID();
  let round = 0;
  return {
    client,
    sustain: () => {
      round += 1;
      return sustained(
        (nth) =>
          client.appendToStream(
            `bench-${run}-${round}-${nth}`,
            [jsonEvent({ type: 'BenchAppended', data: { nth, note: 'x'.repeat(200) } })],
            { expectedRevision: NO_STREAM },
          ),
        { atOnce: AT_ONCE, seconds },
      );
    },
  };
};

/** Appends alone, then while the log is hashed over and over beside them. */
const besides = async (url: string, digest: DigestLog, upTo: bigint): Promise<void> => {
  const { client, sustain } = appending(url);
  await sustain();
  const alone = await sustain();
  show('appends alone', alone);
  const state = { isOver: false };
  let times = 0;
  const sealing = (async () => {
    while (!state.isOver) {
      await digest({ after: BEGINNING, upTo });
      times += 1;
    }
  })().catch((error: unknown) => {
    if (!state.isOver) throw error;
  });
  show('appends while the log is sealed', await sustain(), alone);
  state.isOver = true;
  await sealing;
  show('appends alone, again', await sustain(), alone);
  console.log(`the log was hashed ${times} times meanwhile`);
  await client.dispose();
};

const directory = await mkdtemp(join(tmpdir(), 'lastro-bench-seals-'));
const stopping = new AbortController();
try {
  await fillLog(directory, { from: 0, to: events / 2 }, []);
  const node = fork(join(import.meta.dirname, 'replay-process.ts'), ['serve', directory]);
  const [port] = (await once(node, 'message')) as [number];
  const url = `esdb://127.0.0.1:${port}?tls=false`;
  const connection = connect(url);
  const log = storedLog(connection, paging);
  const digest = digestBeside(url, stopping.signal);
  const upTo = await log.end();
  console.log(`${events} events, two to an activation`);

  // Nobody's first thousands of events are what they cost.
  await eachPage(log, upTo / 5n, (page) => {
    page.forEach(leafOf);
  });
  await timed('drained, every leaf hashed, no tree', () =>
    eachPage(log, upTo, (page) => {
      page.forEach(leafOf);
    }),
  );
  const sealed = { digest: await digest({ after: BEGINNING, upTo: BEGINNING }) };
  await timed('sealed, at low priority, resting in between', async () => {
    sealed.digest = await digest({ after: BEGINNING, upTo });
  });
  const { root, events: count, last } = sealed.digest;
  const seal = {
    ...{ id: 'a-seal', from: null, to: String(last), events: count, root, previous: null },
    ...{ position: last + 1n, revision: 0n, at: null },
  };
  await timed('verified at full speed', async () => {
    const verification = verifying([seal]);
    await eachPage(log, upTo, (page) => {
      page.forEach(verification.add);
    });
    const { seals } = verification.close();
    if (seals[0]?.flaws.length !== 0)
      throw new Error(`It does not hold: ${String(seals[0]?.flaws)}`);
  });
  await besides(url, digest, upTo);
  await connection.dispose();
  node.kill();
} finally {
  stopping.abort();
  await rm(directory, { recursive: true, force: true });
}
