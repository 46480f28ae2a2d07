// Random commands on purchases while processes are killed, and then: are the read models what the
// log says? Ends with 1 when they are not.
//   node --import tsx bench/purchase-storm.ts [commands] [kills] [seed] [at once]
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { aPurchaseLoad } from '../test/support/a-purchase-load.ts';
import { aSystem, type ASystem } from '../test/support/a-system.ts';
import { aUser } from '../test/support/a-user.ts';
import { monthsInLog, monthsShown } from '../test/support/months-from-zero.ts';
import { theLog } from '../test/support/the-log.ts';
import { waitUntil } from '../test/support/wait-until.ts';

const VICTIMS = [
  'projections/main.ts',
  'command-api/main.ts',
  'embedded/eventstore/main.ts',
  'query-api/main.ts',
  'embedded/postgres/main.ts',
];
const LONGEST_WAIT_MS = 600_000;

const [commands = 10_000, kills = 20, seed = 1, atOnce = 32] = process.argv.slice(2).map(Number);

const replayed = ({ environment }: ASystem): boolean => {
  const cli = [resolve('cli/lastro.mjs'), 'replay', '--all', '--compare-only'];
  const { status, stdout, stderr } = spawnSync(process.execPath, cli, {
    env: environment,
    encoding: 'utf8',
  });
  console.log(stdout, stderr);
  return status === 0;
};

const system = await aSystem({ RATE_LIMIT_PER_SECOND: '1000000' });
try {
  await system.start();
  const began = performance.now();
  const analyst = await aUser(system, 'analyst1');
  const load = await aPurchaseLoad(system, analyst, { commands, seed, atOnce, everyMs: 0 });
  const { counts } = load;
  for (let nth = 0; nth < kills; nth++) {
    const due = ((nth + 1) * commands) / (kills + 1);
    await waitUntil('it goes on', () => counts.answered >= due, LONGEST_WAIT_MS);
    system.kill(VICTIMS[nth % VICTIMS.length] ?? '');
  }
  await load.ended;
  const seconds = (performance.now() - began) / 1_000;
  const { answered, accepted, surprises } = counts;
  console.log(
    `${answered} commands answered in ${seconds.toFixed(0)} s with ${kills} kills, seed ${seed}:`,
    `${accepted} accepted, ${surprises.length} answers that there should not be`,
    surprises.slice(0, 3),
  );
  await load.shown(LONGEST_WAIT_MS);
  const expected = monthsInLog(await theLog(system.eventStoreUrl));
  const isSame = isDeepStrictEqual(await monthsShown(system.databaseUrl), expected);
  const count = Object.keys(expected).length;
  console.log(`${count} months added up from nothing are ${isSame ? '' : 'NOT '}what is shown`);
  if (!replayed(system) || !isSame || surprises.length > 0) process.exitCode = 1;
} finally {
  await system.remove();
}
