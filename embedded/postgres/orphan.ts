import { readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Log } from '#shared/platform/log.ts';

const run = promisify(execFile);

/** Fast first, without a checkpoint next, and then without being asked. */
const WAYS_TO_STOP = ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const;
const LONGEST_WAIT_MS = 5_000;
const LOOK_EVERY_MS = 20;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const pidFile = (directory: string) => join(directory, 'postmaster.pid');

/** Whether that is a server on this directory: after a crash its id may be anybody's by now. */
const isServerOn = async (directory: string, pid: number): Promise<boolean> => {
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-p', String(pid), '-o', 'comm=']).catch(() => ({
      stdout: '',
    }));
    return stdout.includes('postgres');
  }
  // A server works in its data directory, and nobody else has a reason to.
  const where = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  return where === (await realpath(directory));
};

const stopped = async (pid: number, signal: NodeJS.Signals): Promise<boolean> => {
  if (isAlive(pid)) process.kill(pid, signal);
  for (let waited = 0; waited < LONGEST_WAIT_MS; waited += LOOK_EVERY_MS) {
    if (!isAlive(pid)) return true;
    await pause(LOOK_EVERY_MS);
  }
  return false;
};

/**
 * Stops the server that a killed process left on this directory, if there is one. It is not taken
 * over: it may listen on another port, and nobody would hear of its end.
 */
export const stopOrphan = async (directory: string, log: Log): Promise<void> => {
  const text = await readFile(pidFile(directory), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!(pid > 1) || !isAlive(pid)) return;

  if (!(await isServerOn(directory, pid))) {
    // Postgres would take whoever has the id now for a server, but never its own parent. The rest
    // of the file stays: by it a new server finds out whether parts of the old one are still there.
    await writeFile(pidFile(directory), text.replace(/^\d+/, String(process.pid)));
    return;
  }
  log.warn({ pid }, 'stopping a Postgres that an earlier, killed run left on this directory');
  for (const signal of WAYS_TO_STOP) if (await stopped(pid, signal)) return;
  throw new Error(`Postgres ${pid} does not end: stop it with "kill -9 ${pid}" and start again`);
};
