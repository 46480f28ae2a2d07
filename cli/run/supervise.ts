import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { BadConfig, EXIT_BAD_CONFIG } from '#shared/platform/config.ts';
import { READY } from '#shared/platform/lifecycle.ts';
import { outputOf } from './output.ts';
import type { Program } from './programs.ts';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
const ROOT = new URL('../../', import.meta.url);

/** Twice the usual: what a request leaves behind is gone before it is taken for something lasting. */
const YOUNG_OBJECTS = '--max-semi-space-size=32';

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;
/** Whoever has run for so long was well, and starts again without a long rest. */
const WELL_AFTER_MS = 60_000;
export const LONGEST_START_MS = 90_000;

export type Supervising = {
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
  readonly say: (words: string) => void;
  /** A setting is wrong: starting it again would change nothing. */
  readonly giveUp: (error: BadConfig) => void;
};

export type Supervised = {
  readonly name: string;
  /** It said that it is up, for the first time. */
  readonly ready: Promise<void>;
  /** Asks it to end, and ends it if it has not by then. */
  readonly stop: (longestMs: number) => Promise<void>;
};

/**
 * Linux shares the processors among sessions first where it groups by session, and looks at the
 * priority of a process only within its own: there the group has to give way as well.
 */
const giveWay = (pid: number, niceness: number): void => {
  setPriority(pid, niceness);
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // Not Linux, or not grouped: the priority is all there is.
  }
};

const started = ({ main, niceness = 0 }: Program, { environment }: Supervising): ChildProcess => {
  const file = fileURLToPath(new URL(main, ROOT));
  const child = spawn(process.execPath, [YOUNG_OBJECTS, '--import', TSX, file], {
    env: environment,
    // A group of its own: Ctrl-C comes to us, and we end the processes in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (child.pid !== undefined && niceness > 0) giveWay(child.pid, niceness);
  return child;
};

const endGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

/** How long to rest after a life: longer each time, unless it had been well for a while. */
export const restAfter = (lifeMs: number, lastRestMs: number): number => {
  if (lastRestMs === 0 || lifeMs > WELL_AFTER_MS) return FIRST_REST_MS;
  return Math.min(lastRestMs * 2, LONGEST_REST_MS);
};

const whyEnded = (code: number | null, signal: string | null) =>
  signal === null ? `ended with ${code ?? 'no exit code'}` : `was ended by ${signal}`;

/** One life after the other, until it is told to stop or a setting turns out to be wrong. */
const keptAlive = async (
  life: () => Promise<number | null>,
  { say, giveUp, directory }: Supervising,
  lastWords: () => string,
  name: string,
  stopping: AbortSignal,
): Promise<void> => {
  const isStopping = () => stopping.aborted;
  let restMs = 0;
  for (;;) {
    const begun = performance.now();
    const code = await life();
    if (isStopping()) return;
    if (code === EXIT_BAD_CONFIG) {
      giveUp(new BadConfig(lastWords()));
      return;
    }
    restMs = restAfter(performance.now() - begun, restMs);
    say(`${name} starts again in ${restMs / 1_000} s; see ${directory}/logs/${name}.log`);
    await pause(restMs, undefined, { signal: stopping }).catch(() => undefined);
    if (isStopping()) return;
  }
};

/** Keeps a process running: one that dies is started again, after a rest that grows. */
export const supervise = (program: Program, supervising: Supervising): Supervised => {
  const { name } = program;
  const { say, directory } = supervising;
  const output = outputOf(name, directory, say);
  const stopping = new AbortController();
  let isUp: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (isUp = resolve));
  let child: ChildProcess | undefined;

  const life = async (): Promise<number | null> => {
    child = started(program, supervising);
    output.take(child.stdout);
    output.take(child.stderr, 'last words');
    child.on('message', (message) => {
      if (message === READY) isUp();
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    if (!stopping.signal.aborted) say(`${name} ${whyEnded(code, signal)}`);
    return code;
  };

  const running = keptAlive(life, supervising, () => output.lastWords(), name, stopping.signal);

  return {
    name,
    ready,
    stop: async (longestMs) => {
      stopping.abort();
      child?.kill('SIGTERM');
      const late = await Promise.race([running, pause(longestMs, 'late', { ref: false })]);
      if (late === 'late' && child) {
        say(`${name} did not end in ${longestMs / 1_000} s and is killed`);
        endGroup(child);
        await running;
      }
      await output.close();
    },
  };
};
