// What a rebuild costs against just reading the same events through the client, and how fast a
// live view is; in one run on one machine, every process measured by itself:
//   node --import tsx bench/replay.ts [--events 1000000] [--sizes 1,2,4] [--behind 200000]
//     [--rates 100,500] [--seconds 20]
// Small as it stands. `sizes` are multiples of `events`.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Knex } from 'knex';
import { projectionTable } from '#shared/platform/checkpoint.ts';
import { database } from '../adapters/postgres/database.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { eventStoreNode } from '../embedded/eventstore/node.ts';
import { aPostgres } from '../embedded/postgres/a-postgres.ts';
import { activations } from '../projections/activation/activations-view.ts';
import { prepareView } from '../projections/view-follower.ts';
import { lagAt } from './replay-lag.ts';
import { fillLog } from './replay-log.ts';
import type { Done } from './replay-process.ts';

const { values: given } = parseArgs({
  options: {
    events: { type: 'string', default: '40000' },
    sizes: { type: 'string', default: '1' },
    behind: { type: 'string', default: '20000' },
    rates: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '3' },
  },
});
const numbers = (list: string) => list.split(',').filter(Boolean).map(Number);
const EVENTS = Number(given.events);
const SIZES = numbers(given.sizes);
const BEHIND = Number(given.behind);

const started = (...args: readonly string[]): ChildProcess =>
  fork(join(import.meta.dirname, 'replay-process.ts'), [...args]);

const told = async <T>(child: ChildProcess): Promise<T> => {
  const ended = new AbortController();
  const died = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`A process of the measurement ended with ${String(code)}`);
  });
  const [message] = (await Promise.race([once(child, 'message'), died])) as [T];
  ended.abort();
  died.catch(() => undefined);
  return message;
};

const stopped = async (child: ChildProcess): Promise<void> => {
  const exit = once(child, 'exit');
  child.disconnect();
  await exit;
};

const served = async <T>(directory: string, work: (url: string) => Promise<T>): Promise<T> => {
  const server = started('serve', directory);
  const url = `esdb://127.0.0.1:${await told<number>(server)}?tls=false`;
  try {
    return await work(url);
  } finally {
    await stopped(server);
  }
};

const perSecond = ({ events }: Done, seconds: number) => Math.round(events / seconds);
const tell = (what: string, done: Done, rest = ''): void => {
  const { events, seconds, cpuSeconds, rssMib } = done;
  const rate = `${perSecond(done, seconds)}/s`.padStart(9);
  const size = `${events} events in ${seconds.toFixed(1)} s`;
  const cost = `${((cpuSeconds / events) * 1_000_000).toFixed(1)} us of CPU each`;
  const memory = `RSS ${rssMib.join(' ')} MiB`;
  console.log(`${what.padEnd(24)} ${rate}  ${size.padEnd(28)} ${cost}  ${memory}  ${rest}`);
};

const inWords = ({ phases = {} }: Done): string =>
  Object.entries(phases)
    .map(([phase, seconds]) => `${phase} ${seconds.toFixed(1)} s`)
    .join(', ');

/** As if the live view were there: it is up to where it is that a rebuild goes. */
const stand = async (db: Knex, position: number | undefined): Promise<void> => {
  if (position === undefined) throw new Error('The log has less events than were asked for');
  await prepareView(db, activations);
  const row = { position: String(position), rebuild: null };
  await db(projectionTable).where({ name: activations.name }).update(row);
};

type Places = ReadonlyMap<number, number>;

const rebuilds = async (url: string, databaseUrl: string, db: Knex, places: Places) => {
  const upTo = String(places.get(EVENTS) ?? 0);
  const floors: Done[] = [];
  const drained = async () => {
    const floor = await told<Done>(started('drain', url, '', upTo));
    floors.push(floor);
    tell('drained by the client', floor);
  };
  await drained();
  tell('pages of the port', await told<Done>(started('pages', url, '', upTo)));
  const measured: Done[] = [];
  for (const size of SIZES) {
    await stand(db, places.get(EVENTS * size));
    const done = await told<Done>(started('rebuild', url, databaseUrl));
    measured.push(done);
    tell(`rebuilt, ${size} x`, done, inWords(done));
  }
  await drained();
  const floor = floors.reduce((sum, { events, seconds }) => sum + events / seconds, 0) / 2;
  for (const [index, done] of measured.entries()) {
    const whole = done.events / done.seconds / floor;
    const rows = done.events / (done.phases?.['replaying'] ?? Number.NaN) / floor;
    console.log(
      `  ${SIZES[index]} x: ratio to draining ${whole.toFixed(2)}, until rows are there ${rows.toFixed(2)}`,
    );
  }
};

const live = async (url: string, databaseUrl: string, db: Knex, end: number) => {
  const follower = started('follow', url, databaseUrl, String(end));
  await told(follower);
  tell('live, catching up', await told<Done>(follower));
  for (const [what, role] of Object.entries({
    compared: 'compare',
    'rebuilt and compared': 'renew',
  })) {
    const done = await told<Done>(started(role, url, databaseUrl));
    const { differences = Number.NaN } = done;
    tell(what, done, `${differences} differences, ${inWords(done)}`);
  }
  const endless = started('follow', url, databaseUrl, String(Number.MAX_SAFE_INTEGER));
  await told(endless);
  for (const rate of numbers(given.rates)) await lagAt(url, db, rate, Number(given.seconds));
  await stopped(endless);
};

const run = async (root: string, databaseUrl: string): Promise<void> => {
  await migrate(databaseUrl);
  const db = database(databaseUrl, { name: 'bench', connections: 4 });
  const directory = join(root, 'log');
  await (await eventStoreNode({ directory, port: 0 })).close();
  const counts = SIZES.map((size) => size * EVENTS);
  const most = Math.max(EVENTS, ...counts) / 2;
  const places = await fillLog(directory, { from: 0, to: most }, [EVENTS, ...counts]);
  try {
    await served(directory, (url) => rebuilds(url, databaseUrl, db, places));
    const end = await fillLog(directory, { from: most, to: most + BEHIND / 2 }, [BEHIND]);
    await served(directory, (url) => live(url, databaseUrl, db, end.get(BEHIND) ?? 0));
  } finally {
    await db.destroy();
  }
};

const root = mkdtempSync(join(tmpdir(), 'lastro-bench-'));
const postgres = await aPostgres();
try {
  await run(root, postgres.url);
} finally {
  await postgres.close();
  rmSync(root, { recursive: true });
}
