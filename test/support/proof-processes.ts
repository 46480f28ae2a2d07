import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '#shared/platform/free-port.ts';
import { aMain, type AMain } from '../../embedded/testing/a-main.ts';
import { waitUntil } from './wait-until.ts';

const LONGEST_START_MS = 60_000;

const NAMES = ['projections', 'gateway-1', 'gateway-2'] as const;
export type Name = (typeof NAMES)[number];

type Servers = {
  readonly mqttUrl: string;
  readonly databaseUrl: string;
  readonly eventStoreUrl: string;
};

const isReady = async (port: number): Promise<boolean> => {
  try {
    const signal = AbortSignal.timeout(2_000);
    return (await fetch(`http://127.0.0.1:${port}/health/ready`, { signal })).ok;
  } catch {
    return false;
  }
};

const settingsOf = (name: Name, port: number): Record<string, string> =>
  name === 'projections'
    ? { PROJECTIONS_PORT: String(port) }
    : { ADAPTERS_PORT: String(port), MQTT_GATEWAY_ID: name };

/** The processes that a transaction needs, once it is started: timers, and two gateways. */
export const proofProcesses = async ({ mqttUrl, databaseUrl, eventStoreUrl }: Servers) => {
  const directory = mkdtempSync(join(tmpdir(), 'lastro-proof-'));
  const ports = await freePorts(NAMES.length);
  const running = new Map<Name, AMain>();

  const start = async (name: Name, timeoutMs: number): Promise<void> => {
    const port = ports[NAMES.indexOf(name)] ?? 0;
    const main = name === 'projections' ? 'projections/main.ts' : 'adapters/main.ts';
    const started = aMain(main, {
      ...{ DATABASE_URL: databaseUrl, EVENTSTORE_URL: eventStoreUrl, MQTT_URL: mqttUrl },
      ...{ LASTRO_DATA_DIR: directory, LISTEN_HOST: '127.0.0.1', LOG_LEVEL: 'error' },
      ...{ TRANSACTION_TIMEOUT_MS: String(timeoutMs), ...settingsOf(name, port) },
    });
    running.set(name, started);
    await waitUntil(`${name} is ready`, () => isReady(port), LONGEST_START_MS).catch(
      (error: unknown) => {
        throw new Error(`It said: ${started.lines.join('\n')}`, { cause: error });
      },
    );
  };
  const kill = async (name: Name, signal: NodeJS.Signals = 'SIGKILL') => {
    const one = running.get(name);
    one?.process.kill(signal);
    await one?.exit;
  };
  return {
    /** Killed, where it runs, and started again with so long for equipment to answer. */
    restart: async (name: Name, timeoutMs: number) => {
      await kill(name);
      await start(name, timeoutMs);
    },
    restartAll: async (timeoutMs: number) => {
      await Promise.all(NAMES.map((name) => kill(name)));
      await Promise.all(NAMES.map((name) => start(name, timeoutMs)));
    },
    stop: async () => {
      await Promise.all(NAMES.map((name) => kill(name, 'SIGTERM')));
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
export type ProofProcesses = Awaited<ReturnType<typeof proofProcesses>>;
