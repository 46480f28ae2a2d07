import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logger } from '#shared/platform/log.ts';
import { startBroker, type Broker } from '../../embedded/mqtt/broker.ts';
import { aMain } from '../../embedded/testing/a-main.ts';
import { freePorts } from '#shared/platform/free-port.ts';
import { waitUntil } from './wait-until.ts';

export type ABroker = {
  readonly url: string;
  readonly start: () => Promise<void>;
  /** At once, as a crash would; it is away until it is started again, on the same port. */
  readonly kill: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', done(true)).once('error', done(false));
  });

const embedded = async (): Promise<ABroker> => {
  const [port = 0] = await freePorts(1);
  const log = logger('mqtt', 'silent');
  let broker: Broker | undefined;
  const kill = async () => {
    await broker?.close();
    broker = undefined;
  };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    start: async () => {
      broker ??= await startBroker({ port, log });
    },
    kill,
    remove: kill,
  };
};

/** A packaged Mosquitto stands where only root looks for programs. */
export const MOSQUITTO = (() => {
  try {
    const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;
    const env = { ...process.env, PATH: path };
    return execFileSync('sh', ['-c', 'command -v mosquitto'], { env, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
})();

/** A broker that is a process, and so can be killed as no broker wants to be. */
const asProcess = (
  port: number,
  spawned: () => ChildProcess,
  forget: () => void = () => undefined,
): ABroker => {
  let child: ChildProcess | undefined;
  const kill = async () => {
    if (!child) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    child = undefined;
  };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    start: async () => {
      child ??= spawned();
      await waitUntil('the broker listens', () => isOpen(port));
    },
    kill,
    remove: async () => {
      await kill();
      forget();
    },
  };
};

const embeddedProcess = async (): Promise<ABroker> => {
  const [port = 0] = await freePorts(1);
  const environment = { EMBEDDED_MQTT_PORT: String(port), LOG_LEVEL: 'error' };
  return asProcess(port, () => aMain('embedded/mqtt/main.ts', environment).process);
};

const mosquitto = (program: string) => async (): Promise<ABroker> => {
  const [port = 0] = await freePorts(1);
  const directory = mkdtempSync(join(tmpdir(), 'lastro-mosquitto-'));
  const config = join(directory, 'mosquitto.conf');
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    ...['persistence true', `persistence_location ${directory}/`, 'max_queued_messages 100000'],
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const spawned = () => spawn(program, ['-c', config], { stdio: 'ignore' });
  const forget = () => {
    rmSync(directory, { recursive: true, force: true });
  };
  return asProcess(port, spawned, forget);
};

type Brokers = readonly (readonly [name: string, make: () => Promise<ABroker>])[];

const real: Brokers = MOSQUITTO === undefined ? [] : [['Mosquitto', mosquitto(MOSQUITTO)]];

/** Every broker there is here: ours, and a real Mosquitto where one is installed. */
export const brokers: Brokers = [['the embedded broker', embedded], ...real];

/** The same, each in a process of its own. */
export const brokerProcesses: Brokers = [['the embedded broker', embeddedProcess], ...real];
