// One process of the measurement in replay.ts: what it is to do, and with which servers, are its
// arguments; what came of it is its only message.
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient, START } from '@eventstore/db-client';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { activationEvents } from '#shared/activation/events.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { logger } from '#shared/platform/log.ts';
import { connect } from '../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../adapters/eventstoredb/event-store.ts';
import { rawLog } from '../adapters/eventstoredb/raw-log.ts';
import { sharedFeed } from '../adapters/eventstoredb/shared-feed.ts';
import { database } from '../adapters/postgres/database.ts';
import { eventStoreNode } from '../embedded/eventstore/node.ts';
import { activations } from '../projections/activation/activations-view.ts';
import { follow } from '../projections/follow.ts';
import { rebuild } from '../projections/rebuild.ts';
import { passingTogether } from '../projections/passing.ts';
import { viewFollower } from '../projections/view-follower.ts';

const SAMPLED_EVERY_MS = 100;
const MIB = 1024 * 1024;
const log = logger('bench', 'warn');

/** What a process did, how long it took, and what memory it held: at most, in each quarter. */
export type Done = {
  readonly events: number;
  readonly seconds: number;
  /** Of its processor, all threads together. */
  readonly cpuSeconds: number;
  /** Of a rebuild: how long each of its phases took. */
  readonly phases?: Readonly<Record<string, number>>;
  readonly differences?: number;
  readonly rssMib: readonly number[];
};
type Work = () => Promise<Omit<Done, 'seconds' | 'cpuSeconds' | 'rssMib'>>;

const measured = async (work: Work): Promise<Done> => {
  const samples: number[] = [];
  const sampling = setInterval(() => {
    samples.push(process.memoryUsage.rss() / MIB);
  }, SAMPLED_EVERY_MS);
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const done = await work();
  const { user, system } = process.cpuUsage(cpuBefore);
  const seconds = (performance.now() - started) / 1_000;
  clearInterval(sampling);
  const quarter = Math.ceil(samples.length / 4);
  const rssMib = [0, 1, 2, 3].map((nth) =>
    Math.round(Math.max(0, ...samples.slice(nth * quarter, (nth + 1) * quarter))),
  );
  return { ...done, seconds, cpuSeconds: (user + system) / 1_000_000, rssMib };
};

/** The least that reading takes: the client gives every event, and nobody looks at it. */
const drain = async (url: string, upTo: bigint): ReturnType<Work> => {
  const client = EventStoreDBClient.connectionString(url);
  let events = 0;
  for await (const { event } of client.readAll({ fromPosition: START })) {
    if (event?.streamId.startsWith('activation-')) events += 1;
    if (event && event.position.commit >= upTo) break;
  }
  await client.dispose();
  return { events };
};

/** The same events as the port gives them: in pages, checked against what they are declared. */
const pages = async (url: string, upTo: bigint): ReturnType<Work> => {
  const connection = connect(url);
  let events = 0;
  for await (const page of eventStoreDb(connection, inMemoryKeys()).pages(
    activationEvents,
    BEGINNING,
  )) {
    events += page.events.length;
    if (page.upTo >= upTo) break;
  }
  await connection.dispose();
  return { events };
};

const servers = (url: string, databaseUrl: string) => {
  const connection = connect(url);
  const db = database(databaseUrl, { name: 'bench', connections: 8 });
  const eventStore = eventStoreDb(connection, inMemoryKeys());
  const close = async () => {
    await connection.dispose();
    await db.destroy();
  };
  return { connection, db, eventStore, close };
};

type Aim = { readonly comparing: boolean; readonly compareOnly: boolean };

const rebuildOf = async (url: string, databaseUrl: string, aim: Aim) => {
  const { db, eventStore, close } = servers(url, databaseUrl);
  const phases: Record<string, number> = {};
  let [phase, since] = ['preparing', performance.now()];
  const enter = (next: string) => {
    if (next === phase) return;
    const now = performance.now();
    phases[phase] = (now - since) / 1_000;
    [phase, since] = [next, now];
  };
  const { processed, comparison } = await rebuild({ db, eventStore, log }, activations, {
    ...aim,
    onProgress: (progress) => {
      enter(progress.phase);
    },
  });
  enter('done');
  await close();
  if (!comparison) return { events: processed, phases };
  const { onlyLive, onlyRebuilt, different } = comparison;
  const differences = onlyLive + onlyRebuilt + different;
  return { events: processed, phases, differences };
};

/** The live view, until it has got somewhere, or until it is told to stop. */
const followTo = async (url: string, databaseUrl: string, upTo: bigint): ReturnType<Work> => {
  const { connection, db, eventStore, close } = servers(url, databaseUrl);
  const feed = sharedFeed(eventStore, rawLog(connection));
  const stopping = new AbortController();
  process.once('disconnect', () => {
    stopping.abort();
  });
  let events = 0;
  const onEvents = (_name: string, _kind: string, count: number) => {
    events += count;
  };
  const supervision = { eventStore: feed, db, log, onEvents, passOver: passingTogether(db) };
  const following = follow(supervision, viewFollower(activations), stopping.signal);
  process.send?.('following');
  while (!stopping.signal.aborted && (await positionOf(db, activations.name)) < upTo)
    await pause(SAMPLED_EVERY_MS);
  stopping.abort();
  await following;
  await feed.close();
  await close();
  return { events };
};

const serve = async (directory: string): Promise<number> => {
  const { port } = await eventStoreNode({ directory, port: 0 });
  process.once('disconnect', () => process.exit());
  return port;
};

const [role = '', url = '', databaseUrl = '', upTo = '0'] = process.argv.slice(2);
const roles: Readonly<Record<string, Work>> = {
  drain: () => drain(url, BigInt(upTo)),
  pages: () => pages(url, BigInt(upTo)),
  rebuild: () => rebuildOf(url, databaseUrl, { comparing: false, compareOnly: false }),
  renew: () => rebuildOf(url, databaseUrl, { comparing: true, compareOnly: false }),
  compare: () => rebuildOf(url, databaseUrl, { comparing: true, compareOnly: true }),
  follow: () => followTo(url, databaseUrl, BigInt(upTo)),
};
const work = roles[role];
if (role === 'serve') process.send?.(await serve(url));
else if (work) {
  const done = await measured(work);
  if (process.connected) process.send?.(done);
  process.exit();
}
