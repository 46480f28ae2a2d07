import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { Type } from 'typebox';
import {
  BadConfig,
  commonSettings,
  EXIT_BAD_CONFIG,
  settingsFrom,
} from '#shared/platform/config.ts';
import { holdDirectory } from '#shared/platform/directory-lock.ts';
import { runProcess, type Process } from '#shared/platform/lifecycle.ts';
import { outputOf } from './output.ts';
import { ensurePortsAreFree, ensureRoom, planFor, type Plan } from './plan.ts';
import type { Program } from './programs.ts';
import { LONGEST_START_MS, supervise, type Supervised, type Supervising } from './supervise.ts';
import { tableOf } from './table.ts';

/** Together less than it takes for a process to be ended by force. */
const LONGEST_STOP_MS = { product: 4_500, embedded: 3_500 };
const LOOK_AGAIN_MS = 100;
const CLI = fileURLToPath(new URL('../lastro.mjs', import.meta.url));

const say = (words: string): void => void process.stdout.write(`${words}\n`);

const withinReason = async (what: string, work: Promise<unknown>, signal: AbortSignal) => {
  const late = pause(LONGEST_START_MS, 'late', { ref: false, signal }).catch(() => 'stopped');
  const outcome = await Promise.race([work, late]);
  if (outcome === 'late')
    throw new BadConfig(`${what} did not come up in ${LONGEST_START_MS / 1_000} s; see its log`);
};

/** Starts them side by side; when the process stops, they stop together. */
const startAll = async (
  what: keyof typeof LONGEST_STOP_MS,
  programs: readonly Program[],
  supervising: Supervising,
  { onStop, stopping }: Process,
): Promise<void> => {
  const running: Supervised[] = programs.map((program) => supervise(program, supervising));
  onStop(what, () => Promise.all(running.map(({ stop }) => stop(LONGEST_STOP_MS[what]))));
  await Promise.all(running.map(({ name, ready }) => withinReason(name, ready, stopping)));
};

/** Companies and accounts to try it with. What is there already stays as it is. */
const seed = async ({ environment, directory }: Supervising, { onStop }: Process) => {
  const child = spawn(process.execPath, [CLI, 'demo'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStop('demo data', () => child.kill('SIGKILL'));
  const output = outputOf('demo', directory);
  output.take(child.stdout);
  output.take(child.stderr);
  const [code] = (await once(child, 'close')) as [number | null];
  await output.close();
  if (code === EXIT_BAD_CONFIG) throw new BadConfig(output.lastLine());
  if (code !== 0) say(`The demo data could not be made; see ${directory}/logs/demo.log`);
};

const isReady = async (port: number): Promise<boolean> => {
  const url = `http://127.0.0.1:${port}/health/ready`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
};

const untilReady = async ({ ports }: Plan, stopping: AbortSignal): Promise<void> => {
  for (const variable of ['COMMAND_API_PORT', 'QUERY_API_PORT'])
    while (!stopping.aborted && !(await isReady(ports[variable] ?? 0)))
      await pause(LOOK_AGAIN_MS, undefined, { signal: stopping }).catch(() => undefined);
};

const runSettings = {
  LASTRO_DATA_DIR: commonSettings.LASTRO_DATA_DIR,
  LASTRO_ENV: commonSettings.LASTRO_ENV,
  DEMO_DATA: Type.Optional(Type.Boolean()),
};

const wantsDemoData = ({ LASTRO_ENV, DEMO_DATA }: { LASTRO_ENV: string; DEMO_DATA?: boolean }) => {
  const isProduction = LASTRO_ENV === 'production';
  if (isProduction && DEMO_DATA === true)
    throw new BadConfig('DEMO_DATA is for development: unset it in production');
  return DEMO_DATA ?? !isProduction;
};

const runAll =
  (environment: NodeJS.ProcessEnv) =>
  async (own: Process): Promise<void> => {
    const read = settingsFrom(runSettings, environment);
    const directory = read.LASTRO_DATA_DIR;
    const demoData = wantsDemoData(read);
    const plan = planFor(environment);
    own.onStop('directory', await holdDirectory('Lastro', directory));
    await ensureRoom(directory);
    await ensurePortsAreFree(plan);

    const supervising: Supervising = {
      environment: plan.environment,
      ...{ directory, say, giveUp: own.fail },
    };
    say(`Lastro starts; its state and its logs are in ${directory}`);
    await startAll('embedded', plan.embedded, supervising, own);
    own.stopping.throwIfAborted();
    await Promise.all([
      startAll('product', plan.product, supervising, own),
      demoData ? seed(supervising, own) : undefined,
    ]);
    await withinReason('Lastro', untilReady(plan, own.stopping), own.stopping);
    own.stopping.throwIfAborted();
    say(tableOf(plan, { demoData }));
    say('Ready. Ctrl-C stops all of it.');
  };

export const run = (program: Command, environment: NodeJS.ProcessEnv): void => {
  program
    .command('run')
    .description('start everything that is not started elsewhere, and keep it running')
    .addHelpText(
      'after',
      '\nSetting a URL (EVENTSTORE_URL, DATABASE_URL, MQTT_URL, SMTP_URL, …) switches the embedded\n' +
        'server of that kind off. State lives in LASTRO_DATA_DIR (.lastro).',
    )
    .action(() => runProcess('lastro', runAll(environment)));
};
