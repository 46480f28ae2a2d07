import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { commonSettings, settingsFrom } from '#shared/platform/config.ts';
import { holdDirectory } from '#shared/platform/directory-lock.ts';
import { runProcess, type Process } from '#shared/platform/lifecycle.ts';
import { demoSettings, seed, wantsDemoData } from './demo-data.ts';
import { beginRun } from './leftovers.ts';
import { ensurePortsAreFree, ensureRoom, planFor, type Plan } from './plan.ts';
import type { Program } from './programs.ts';
import { LONGEST_START_MS, supervise, type Supervised, type Supervising } from './supervise.ts';
import { tableOf } from './table.ts';

/** Together less than it takes for a process to be ended by force. */
const LONGEST_STOP_MS = { product: 5_500, embedded: 3_000 };
const LOOK_AGAIN_MS = 100;

const say = (words: string): void => void process.stdout.write(`${words}\n`);

/** Waits for work to be done, or for nothing any more once it is to stop. */
const withinReason = async (what: string, work: Promise<unknown>, stopping: AbortSignal) => {
  const over = new AbortController();
  const signal = AbortSignal.any([stopping, over.signal]);
  const late = pause(LONGEST_START_MS, 'late', { ref: false, signal }).catch(() => 'stopped');
  const outcome = await Promise.race([work, late]);
  over.abort();
  if (outcome === 'late')
    throw new Error(`${what} did not come up in ${LONGEST_START_MS / 1_000} s; see its log`);
};

type Group = (programs: readonly Program[]) => Promise<void>;

/** Starts programs side by side, and waits for them; when the process stops, all stop together. */
const group = (
  what: keyof typeof LONGEST_STOP_MS,
  supervising: Supervising,
  { onStop, stopping }: Process,
): Group => {
  const running: Supervised[] = [];
  onStop(what, () => Promise.all(running.map(({ stop }) => stop(LONGEST_STOP_MS[what]))));
  return async (programs) => {
    if (stopping.aborted) return;
    const started = programs.map((program) => supervise(program, supervising));
    running.push(...started);
    await Promise.all(started.map(({ name, ready }) => withinReason(name, ready, stopping)));
  };
};

/** Views that have long to go, or cannot go on, are not waited for: whoever reads is told. */
const LONGEST_CATCH_UP_MS = 20_000;
/** Nor is a broker elsewhere that is away: nothing is lost meanwhile. */
const CAN_WAIT: ReadonlySet<string> = new Set(['views', 'mqtt']);

type Ready = { readonly checks: Readonly<Record<string, string>> };

const isReady = async (port: number, waitedMs: number): Promise<boolean> => {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, {
      signal: AbortSignal.timeout(3_000),
    });
    const { checks } = (await answer.json()) as Ready;
    const missing = Object.keys(checks).filter((name) => checks[name] !== 'ok');
    return missing.every((name) => CAN_WAIT.has(name) && waitedMs > LONGEST_CATCH_UP_MS);
  } catch {
    return false;
  }
};

const READY_WHEN = ['PROJECTIONS_PORT', 'ADAPTERS_PORT', 'COMMAND_API_PORT', 'QUERY_API_PORT'];

const untilReady = async ({ ports }: Plan, stopping: AbortSignal): Promise<void> => {
  const began = performance.now();
  for (const variable of READY_WHEN) {
    const port = ports[variable];
    while (port !== undefined && !(await isReady(port, performance.now() - began))) {
      if (stopping.aborted) return;
      await pause(LOOK_AGAIN_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
};

/** Processes whose run was killed notice, and are gone by then. */
const LONGEST_LEAVE_MS = 12_000;

const prepared = async (
  plan: Plan,
  directory: string,
  { onStop, stopping }: Process,
): Promise<void> => {
  onStop('directory', await holdDirectory('Lastro', directory));
  await ensureRoom(directory);
  const { followsAKill, endedInOrder } = await beginRun(directory);
  onStop('note of this run', endedInOrder);
  if (followsAKill) say('The last run was killed; what it left behind is put in order');
  const until = followsAKill ? performance.now() + LONGEST_LEAVE_MS : -Infinity;
  await ensurePortsAreFree(plan, { until });
  stopping.throwIfAborted();
};

const runAll =
  (environment: NodeJS.ProcessEnv, only?: readonly string[]) =>
  async (own: Process): Promise<void> => {
    const settings = { LASTRO_DATA_DIR: commonSettings.LASTRO_DATA_DIR, ...demoSettings };
    const read = settingsFrom(settings, environment);
    const directory = read.LASTRO_DATA_DIR;
    const plan = planFor(environment, only);
    const demoData = wantsDemoData(read) && plan.apis.length > 0;
    await prepared(plan, directory, own);

    const supervising = { environment: plan.environment, directory, say, giveUp: own.fail };
    say(`Lastro starts; its state and its logs are in ${directory}`);
    own.stopping.addEventListener('abort', () => {
      say('Lastro stops');
    });
    const startServers = group('embedded', supervising, own);
    const startProduct = group('product', supervising, own);
    await startServers(plan.embedded.filter(({ first }) => first));
    await Promise.all([
      startProduct([...plan.background, ...plan.apis]),
      demoData ? seed(supervising, own, plan) : undefined,
      startServers(plan.embedded.filter(({ first }) => !first)),
    ]);
    await withinReason('Lastro', untilReady(plan, own.stopping), own.stopping);
    own.stopping.throwIfAborted();
    say(tableOf(plan, { demoData }));
    say(`Ready after ${(performance.now() / 1_000).toFixed(1)} s. Ctrl-C stops all of it.`);
  };

export const run = (program: Command, environment: NodeJS.ProcessEnv): void => {
  program
    .command('run')
    .description('start everything that is not started elsewhere, and keep it running')
    .option('--only <names>', 'start these processes only, separated by commas')
    .addHelpText(
      'after',
      '\nSetting a URL (EVENTSTORE_URL, DATABASE_URL, MQTT_URL, SMTP_URL, …) switches the embedded\n' +
        'server of that kind off. State lives in LASTRO_DATA_DIR (.lastro).',
    )
    .action(({ only }: { readonly only?: string }) =>
      runProcess('lastro', runAll(environment, only?.split(','))),
    );
};
