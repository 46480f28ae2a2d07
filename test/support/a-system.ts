import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { waitUntil } from './wait-until.ts';
import { freePorts } from '#shared/platform/free-port.ts';
import { descendants, hasEnded } from './processes.ts';

const LONGEST_START_MS = 170_000;
/** Ten seconds are a process's own limit, from when it notices; beside others it may be late to. */
const LONGEST_STOP_MS = 30_000;
const KEPT_OUTPUT = 20_000;

const PORTS = [
  'COMMAND_API_PORT',
  'QUERY_API_PORT',
  'PROJECTIONS_PORT',
  'ADAPTERS_PORT',
  'EMBEDDED_EVENTSTORE_PORT',
  'EMBEDDED_POSTGRES_PORT',
  'EMBEDDED_MQTT_PORT',
  'EMBEDDED_SMTP_PORT',
  'EMBEDDED_MAIL_PORT',
  'EMBEDDED_SANDBOX_PORT',
] as const;

const isReady = async (url: string): Promise<boolean> => {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok;
  } catch {
    return false;
  }
};

/** `lastro run` as a process, and what it has said lately. */
const supervised = (environment: NodeJS.ProcessEnv) => {
  let supervisor: ChildProcess | undefined;
  let said = '';
  const hasStopped = () =>
    supervisor?.pid === undefined || supervisor.exitCode !== null || supervisor.signalCode !== null;

  return {
    hasStopped,
    said: () => said,
    /**
     * Processes are ready while demo data is still being made, and thousands of events are behind.
     * @throws when it stopped before.
     */
    isUp: () => {
      if (hasStopped()) throw new Error(`It did not start:\n${said}`);
      return said.includes('Ready after');
    },
    pid: () => {
      if (hasStopped() || supervisor?.pid === undefined) throw new Error(`It is down:\n${said}`);
      return supervisor.pid;
    },
    start: () => {
      said = '';
      supervisor = spawn(process.execPath, [resolve('cli/lastro.mjs'), 'run'], {
        env: environment,
      });
      const listen = (chunk: Buffer) => (said = (said + chunk.toString()).slice(-KEPT_OUTPUT));
      supervisor.stdout?.on('data', listen);
      supervisor.stderr?.on('data', listen);
    },
    end: async (signal: NodeJS.Signals) => {
      if (!supervisor || hasStopped()) return;
      const pids = descendants(supervisor.pid ?? 0).map(({ pid }) => pid);
      const exit = once(supervisor, 'exit');
      supervisor.kill(signal);
      await exit;
      await waitUntil('every process has ended', () => pids.every(hasEnded), LONGEST_STOP_MS);
    },
  };
};

/** To all processes below the supervisor that are called so. */
const send = (signal: NodeJS.Signals, name: string, supervisor: number): void => {
  const found = descendants(supervisor).filter(({ command }) => command.includes(name));
  if (found.length === 0) throw new Error(`There is no process ${name} to send ${signal} to`);
  for (const { pid } of found) process.kill(pid, signal);
};

/** Everything that `make run` starts, on ports of its own and in a directory of its own. */
export type ASystem = Awaited<ReturnType<typeof aSystem>>;

export const aSystem = async (settings: NodeJS.ProcessEnv = {}) => {
  const directory = mkdtempSync(join(tmpdir(), 'lastro-system-'));
  const free = await freePorts(PORTS.length);
  const ports = Object.fromEntries(PORTS.map((name, index) => [name, String(free[index])]));
  const at = (name: (typeof PORTS)[number]) => `127.0.0.1:${ports[name] ?? ''}`;
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    LOG_LEVEL: 'warn',
    // At a full hour, a spec that counts events would find one more.
    SEAL_CRON: 'off',
    ...ports,
    LASTRO_DATA_DIR: directory,
    ...settings,
  };
  const commandApi = `http://${at('COMMAND_API_PORT')}`;
  const queryApi = `http://${at('QUERY_API_PORT')}`;
  const lastro = supervised(environment);

  const ready = async () => {
    if (!lastro.isUp()) return false;
    const beside = [`http://${at('PROJECTIONS_PORT')}`, `http://${at('ADAPTERS_PORT')}`];
    const all = [commandApi, queryApi, ...beside].map(isReady);
    return (await Promise.all(all)).every(Boolean);
  };

  return {
    commandApi,
    queryApi,
    mail: `http://${at('EMBEDDED_MAIL_PORT')}`,
    sandbox: `http://${at('EMBEDDED_SANDBOX_PORT')}`,
    mqttUrl: `mqtt://${at('EMBEDDED_MQTT_PORT')}`,
    eventStoreUrl: `esdb://${at('EMBEDDED_EVENTSTORE_PORT')}?tls=false`,
    databaseUrl: `postgres://lastro:lastro@${at('EMBEDDED_POSTGRES_PORT')}/lastro`,
    environment,
    directory,
    /** Resolves when both APIs are ready, what follows the log has begun, and demo data is there. */
    start: async () => {
      lastro.start();
      await waitUntil('everything is ready', ready, LONGEST_START_MS);
    },
    signal: (name: string, sent: NodeJS.Signals) => {
      send(sent, name, lastro.pid());
    },
    /** Ends one of its processes at once, as a crash would; it is started again by itself. */
    kill: (name: string) => {
      send('SIGKILL', name, lastro.pid());
    },
    /** Ends the supervisor at once, and with it everything. */
    killAll: () => lastro.end('SIGKILL'),
    stop: () => lastro.end('SIGTERM'),
    /** Stops, and removes what it kept. */
    remove: async () => {
      await lastro.end('SIGTERM');
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
