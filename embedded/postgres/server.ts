import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { holdDirectory } from '#shared/platform/directory-lock.ts';
import { listen, LOOPBACK, shut } from '#shared/platform/listen.ts';
import type { Log } from '#shared/platform/log.ts';
import { accountFor, type Account } from './account.ts';
import { binariesFor } from './binaries.ts';
import { aCluster, APPLICATION, dataFlag, placeOf } from './cluster.ts';
import { stopOrphan } from './orphan.ts';
import { watchdog } from './watchdog.ts';

const PORT_VARIABLE = 'EMBEDDED_POSTGRES_PORT';
const MOST_CONNECTIONS = 200;
/** Recovery after a power cut may read gigabytes; an ordinary start takes a fifth of a second. */
const LONGEST_START_MS = 120_000;
const ASK_EVERY_MS = 25;
const LONGEST_ANSWER_MS = 5_000;
/** Fast, then without a checkpoint, then by force; all within the process's own limit. */
const STOPS = [
  ['SIGINT', 6_000],
  ['SIGQUIT', 1_000],
  ['SIGKILL', 1_000],
] as const;

export type ServerOptions = {
  readonly directory: string;
  readonly port: number;
  /** False lets a power cut destroy the data: for specs. A crash of a process still harms nothing. */
  readonly durable: boolean;
  readonly log: Log;
};

export type Server = {
  readonly url: string;
  readonly pid: number;
  /** Resolves when the server ends, asked or not, with its last words. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
};

const settings = (port: number, durable: boolean) => ({
  listen_addresses: LOOPBACK,
  port,
  unix_socket_directories: '',
  max_connections: MOST_CONNECTIONS,
  // Nothing is replicated from here, and a table that is filled as it is made needs no log.
  wal_level: 'minimal',
  max_wal_senders: 0,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '',
  // Failed statements are their clients' to tell of; the server would quote people's data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  ...(!durable && { fsync: 'off', full_page_writes: 'off' }),
});

/** @returns the last line so far, for who wants to know why it ended. */
const follow = (child: ChildProcess, log: Log): (() => string) => {
  let last = '';
  if (child.stderr)
    createInterface({ input: child.stderr }).on('line', (line) => {
      last = line;
      if (line.startsWith('PANIC')) log.error(line);
      else if (line.startsWith('FATAL')) log.info(line);
      else log.debug(line);
    });
  return () => last;
};

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: LONGEST_ANSWER_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    // 57P03: it is starting up, or recovering.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ECONNREFUSED' || code === '57P03') return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const ready = async (url: string, ended: Promise<string>): Promise<void> => {
  const late = AbortSignal.timeout(LONGEST_START_MS);
  let words: string | undefined;
  void ended.then((last) => (words = last));
  while (!(await answers(url))) {
    if (words !== undefined) throw new Error(`Postgres did not start: ${words}`);
    if (late.aborted) throw new Error(`Postgres was not ready after ${LONGEST_START_MS} ms`);
    await pause(ASK_EVERY_MS);
  }
};

const free = async (port: number): Promise<void> => {
  const probe = createServer();
  await listen(probe, port, PORT_VARIABLE);
  await shut(probe);
};

const started = (
  postgres: string,
  account: Account | undefined,
  { directory, port, durable, log }: ServerOptions,
): Server => {
  const flags = Object.entries(settings(port, durable)).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(postgres, [...dataFlag(directory), ...flags], {
    ...placeOf(directory, account),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lastWords = follow(child, log);
  const exit = once(child, 'close');
  const ended = exit.then(
    () => lastWords(),
    (error: unknown) => String(error),
  );
  const { pid } = child;
  const letGo = pid === undefined ? () => undefined : watchdog(pid);

  const stop = async () => {
    for (const [signal, patienceMs] of STOPS) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      child.kill(signal);
      await Promise.race([ended, pause(patienceMs, undefined, { ref: false })]);
    }
    await letGo();
  };
  const url = `postgres://${APPLICATION}:${APPLICATION}@${LOOPBACK}:${port}/${APPLICATION}`;
  return { url, pid: pid ?? 0, ended, stop };
};

/**
 * The real server, on this machine's own address only, ready to be used. What an earlier run left
 * behind, half made or still running, is put in order first.
 * @throws {BadConfig} when the port, the directory or the account will not do.
 */
export const startPostgres = async (options: ServerOptions): Promise<Server> => {
  const directory = resolve(options.directory);
  const release = await holdDirectory('Postgres', dirname(directory));
  try {
    const account = await accountFor(directory);
    const binaries = await binariesFor(account);
    await stopOrphan(directory, options.log);
    await free(options.port);
    await aCluster(directory, binaries, account, options.durable);

    const server = started(binaries.postgres, account, { ...options, directory });
    try {
      await ready(server.url, server.ended);
    } catch (error) {
      await server.stop();
      throw error;
    }
    const stop = async () => {
      await server.stop();
      release();
    };
    return { ...server, stop };
  } catch (error) {
    release();
    throw error;
  }
};
