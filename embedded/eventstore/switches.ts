import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BadConfig } from '#shared/platform/config.ts';
import { USUAL_USERS } from './access.ts';
import { CHAOS_MODES, type ChaosMode } from './chaos.ts';
import type { NodeOptions } from './node.ts';

export type Switches = Omit<NodeOptions, 'directory' | 'port' | 'now' | 'onFault'>;

/** For whoever asks what there is. */
export const SWITCHES = `  --max-append-size=BYTES     of one append, all its events together (1048576)
  --write-timeout=MS          after which an append that is not on disk is given up (2000)
  --max-concurrent-streams=N  calls that a connection may have open (100)
  --id-cache=volatile         forget at the next start which events were written at any revision
  --chaos=MODE[,MODE]         ${CHAOS_MODES.join(', ')}
  --tls-cert=FILE             PEM; with --tls-key=FILE: TLS, and nothing unencrypted
  --auth                      admin and ops only, with the password changeit; needs TLS
  --leader=HOST:PORT          follow: send whoever wants the leader there`;

const text = { type: 'string' } as const;
const OPTIONS = {
  'max-append-size': text,
  'write-timeout': text,
  'max-concurrent-streams': text,
  'id-cache': text,
  chaos: text,
  'tls-cert': text,
  'tls-key': text,
  leader: text,
  auth: { type: 'boolean' },
} as const;

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new BadConfig(`${(error as Error).message} There are:\n${SWITCHES}`);
  }
};
type Values = ReturnType<typeof parsed>;

const LARGEST = 2 ** 31 - 1;

const amount = (values: Values, name: keyof Values): number | undefined => {
  const value = values[name];
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1 && number <= LARGEST) return number;
  throw new BadConfig(`--${name} is a whole number from 1 to ${LARGEST}, not ${value}`);
};

const isMode = (name: string): name is ChaosMode =>
  (CHAOS_MODES as readonly string[]).includes(name);

const modes = (list: string | undefined): readonly ChaosMode[] | undefined =>
  list?.split(',').map((name) => {
    if (isMode(name)) return name;
    throw new BadConfig(`--chaos=${name} is none of ${CHAOS_MODES.join(', ')}`);
  });

const idCache = (value: string | undefined) => {
  if (value === undefined || value === 'durable' || value === 'volatile') return value;
  throw new BadConfig(`--id-cache is durable or volatile, not ${value}`);
};

const endpoint = (value: string | undefined) => {
  if (value === undefined) return undefined;
  const [, host, port] = /^(.+):(\d+)$/.exec(value) ?? [];
  if (host !== undefined && port !== undefined) return { host, port: Number(port) };
  throw new BadConfig(`--leader is HOST:PORT, not ${value}`);
};

const contentOf = (name: string, file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new BadConfig(`--${name}=${file} cannot be read: name a PEM file`, { cause });
  }
};

const tls = ({ 'tls-cert': cert, 'tls-key': key }: Values) => {
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined)
    return { cert: contentOf('tls-cert', cert), key: contentOf('tls-key', key) };
  throw new BadConfig('--tls-cert and --tls-key go together: name both files');
};

const stated = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;

/** What the command line says of how a node is to behave. @throws {BadConfig} */
export const switchesFrom = (args: readonly string[]): Switches => {
  const values = parsed(args);
  return stated({
    maxAppendSize: amount(values, 'max-append-size'),
    writeTimeoutMs: amount(values, 'write-timeout'),
    maxConcurrentStreams: amount(values, 'max-concurrent-streams'),
    idCache: idCache(values['id-cache']),
    chaos: modes(values.chaos),
    tls: tls(values),
    users: values.auth ? USUAL_USERS : undefined,
    leader: endpoint(values.leader),
  }) as Switches;
};
