import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type IPublishPacket } from 'mqtt';
import { MOSQUITTO } from './a-broker.ts';
import { freePorts } from '#shared/platform/free-port.ts';
import { waitUntil } from './wait-until.ts';

/** With all that has to be escaped in a URL, and a colon, which ends a user's name there. */
export const USER = 'gateway@posto';
export const PASSWORD = 'a:b/c@d é#%';

const isOpen = (port: number, ca: Buffer) =>
  new Promise<boolean>((resolve) => {
    const socket = connectTls({ port, host: 'localhost', ca });
    const done = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('secureConnect', done(true)).once('error', done(false));
  });

/** Of an authority that is trusted by nobody who is not told to. */
const certified = (directory: string) => {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '1', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  );
  return { key, certificate };
};

/** A Mosquitto that speaks over TLS only, and with nobody whom it does not know. */
export const aSecureBroker = async (program: string) => {
  const [port = 0] = await freePorts(1);
  const directory = mkdtempSync(join(tmpdir(), 'lastro-secure-'));
  const { key, certificate } = certified(directory);
  const [config, passwords] = [join(directory, 'mosquitto.conf'), join(directory, 'passwords')];
  execFileSync('mosquitto_passwd', ['-b', '-c', passwords, USER, PASSWORD]);
  const lines = [
    ...[`listener ${port}`, `certfile ${certificate}`, `keyfile ${key}`],
    ...['allow_anonymous false', `password_file ${passwords}`],
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const child = spawn(program, ['-c', config], { stdio: 'ignore' });
  const ca = readFileSync(certificate);
  await waitUntil('the broker listens', () => isOpen(port, ca));
  const url = (password: string) =>
    `mqtts://${encodeURIComponent(USER)}:${encodeURIComponent(password)}@localhost:${port}`;

  return {
    ...{ url, certificate },
    /** Equipment that hears everything. */
    device: async () => {
      const heard: IPublishPacket[] = [];
      const client = await connectAsync(`mqtts://localhost:${port}`, {
        ...{ ca, username: USER, password: PASSWORD, protocolVersion: 5 },
      });
      client.on('message', (_topic, _payload, packet) => heard.push(packet));
      await client.subscribeAsync('#', { qos: 1 });
      return {
        on: (topic: string) =>
          heard.filter((packet) => packet.topic === topic).map(({ payload }) => payload.toString()),
        say: (topic: string, text: string) => client.publishAsync(topic, text, { qos: 1 }),
        stop: () => client.endAsync(true),
      };
    },
    remove: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
export type ASecureBroker = Awaited<ReturnType<typeof aSecureBroker>>;

/** One, where there is a Mosquitto. */
export const secureBrokers: readonly (() => Promise<ASecureBroker>)[] = [MOSQUITTO].flatMap(
  (program) => (program === undefined ? [] : [() => aSecureBroker(program)]),
);
