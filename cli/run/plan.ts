import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { BadConfig, port as portSetting, settingsFrom } from '#shared/platform/config.ts';
import { listen, shut } from '#shared/platform/listen.ts';
import { embedded, product, type Program } from './programs.ts';

/** Less than this and the log would soon refuse to be written to. */
const LEAST_FREE_BYTES = 200 * 1_024 * 1_024;

/** What is started, and in which environment. */
export type Plan = {
  readonly embedded: readonly Program[];
  readonly product: readonly Program[];
  readonly environment: NodeJS.ProcessEnv;
  /** By variable. */
  readonly ports: Readonly<Record<string, number>>;
};

const isSet = (environment: NodeJS.ProcessEnv, name: string) => (environment[name] ?? '') !== '';

const portsOf = (programs: readonly Program[], environment: NodeJS.ProcessEnv) => {
  const wanted = Object.assign({}, ...programs.map(({ ports }) => ports)) as Program['ports'];
  const settings = Object.fromEntries(
    Object.entries(wanted).map(([variable, standard]) => [variable, portSetting(standard)]),
  );
  return settingsFrom(settings, environment) as Readonly<Record<string, number>>;
};

/** Where the partners are while the sandbox stands in for them; what is set is left alone. */
const partners = (sandbox: number | undefined, environment: NodeJS.ProcessEnv) => {
  if (sandbox === undefined) return {};
  const origin = `http://127.0.0.1:${sandbox}`;
  const urls = {
    CASHBACK_API_URL: `${origin}/cashback`,
    CASHBACK_BALANCE_URL: origin,
    CASHBACK_BALANCE_TOKEN: 'sandbox-token',
    PRODUCT_API_URL: origin,
  };
  return Object.fromEntries(Object.entries(urls).filter(([name]) => !isSet(environment, name)));
};

export const planFor = (environment: NodeJS.ProcessEnv): Plan => {
  const needed = embedded.filter(
    ({ replacedBy = [] }) => !replacedBy.every((name) => isSet(environment, name)),
  );
  const ports = portsOf([...needed, ...product], environment);
  const urls = partners(ports['EMBEDDED_SANDBOX_PORT'], environment);
  return { embedded: needed, product, ports, environment: { ...environment, ...urls } };
};

/** @throws {PortInUse | BadConfig} naming the first that is taken, or asked for twice. */
export const ensurePortsAreFree = async ({ ports }: Plan): Promise<void> => {
  const taken = new Map<number, string>();
  for (const [variable, port] of Object.entries(ports)) {
    const other = taken.get(port);
    if (other !== undefined)
      throw new BadConfig(`${variable} and ${other} are both ${port}: set one to another port`);
    taken.set(port, variable);
    const probe = createServer();
    await listen(probe, port, variable);
    await shut(probe);
  }
};

/** @throws {BadConfig} when there is too little room to keep anything. */
export const ensureRoom = async (directory: string): Promise<void> => {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= LEAST_FREE_BYTES) return;
  const megabytes = Math.floor((bavail * bsize) / 1_048_576);
  throw new BadConfig(
    `Only ${megabytes} MB are free in ${directory}: make room, or set LASTRO_DATA_DIR elsewhere`,
  );
};
