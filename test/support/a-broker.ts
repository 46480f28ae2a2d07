import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logger } from '#shared/platform/log.ts';
import { startBroker, type Broker } from '../../embedded/mqtt/broker.ts';
import { freePorts } from './free-ports.ts';
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
const MOSQUITTO = (() => {
  try {
    const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;
    const env = { ...process.env, PATH: path };
    return execFileSync('sh', ['-c', 'command -v mosquitto'], { env, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
})();

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
      child ??= spawn(program, ['-c', config], { stdio: 'ignore' });
      await waitUntil('Mosquitto listens', () => isOpen(port));
    },
    kill,
    remove: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** Every broker there is here: ours, and a real Mosquitto where one is installed. */
export const brokers: readonly (readonly [name: string, make: () => Promise<ABroker>])[] = [
  ['the embedded broker', embedded],
  ...(MOSQUITTO === undefined ? [] : [['Mosquitto', mosquitto(MOSQUITTO)] as const]),
];
