import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { BadConfig, port as portSetting, settingsFrom } from '#shared/platform/config.ts';
import { PortInUse } from '#shared/platform/lifecycle.ts';
import { listen, shut } from '#shared/platform/listen.ts';
import { apis, background, embedded, type Program } from './programs.ts';

/** Less than this and the log would soon refuse to be written to. */
const LEAST_FREE_BYTES = 200 * 1_024 * 1_024;

const LOOK_AGAIN_MS = 100;

/** What is started, and in which environment. */
export type Plan = {
  readonly embedded: readonly Program[];
  readonly background: readonly Program[];
  readonly apis: readonly Program[];
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

/** @throws {BadConfig} when a name or a port is none; `only` names what is to be started. */
export const planFor = (environment: NodeJS.ProcessEnv, only?: readonly string[]): Plan => {
  const names = [...embedded, ...background, ...apis].map(({ name }) => name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new BadConfig(`There is no process ${unknown}: there are ${names.join(', ')}`);

  const isWanted = ({ name }: Program) => only?.includes(name) ?? true;
  const isNeeded = ({ replacedBy = [], askedForBy = '' }: Program) =>
    isSet(environment, askedForBy) ||
    replacedBy.length === 0 ||
    !replacedBy.every((name) => isSet(environment, name));
  const servers = embedded.filter(isWanted).filter(isNeeded);
  const ours = { background: background.filter(isWanted), apis: apis.filter(isWanted) };
  const ports = portsOf([...servers, ...ours.background, ...ours.apis], environment);
  const urls = partners(ports['EMBEDDED_SANDBOX_PORT'], environment);
  return { embedded: servers, ...ours, ports, environment: { ...environment, ...urls } };
};

const asSoonAsFree = async (port: number, variable: string, patience: Patience) => {
  const probe = createServer();
  for (;;)
    try {
      await listen(probe, port, variable);
      await shut(probe);
      return;
    } catch (error) {
      if (!(error instanceof PortInUse) || performance.now() > patience.until) throw error;
      await pause(LOOK_AGAIN_MS);
    }
};

/** Until when to wait for ports, on the clock of `performance.now`. */
export type Patience = { readonly until: number };
export const noPatience: Patience = { until: -Infinity };

/** @throws {PortInUse | BadConfig} naming the first that is taken, or asked for twice. */
export const ensurePortsAreFree = async ({ ports }: Plan, patience: Patience): Promise<void> => {
  const asked = new Map<number, string>();
  for (const [variable, port] of Object.entries(ports)) {
    const other = asked.get(port);
    if (other !== undefined)
      throw new BadConfig(`${variable} and ${other} are both ${port}: set one to another port`);
    asked.set(port, variable);
    await asSoonAsFree(port, variable, patience);
  }
};

/** @throws {BadConfig} when there is too little room to keep anything. */
export const ensureRoom = async (
  directory: string,
  leastFreeBytes = LEAST_FREE_BYTES,
): Promise<void> => {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= leastFreeBytes) return;
  const [free, least] = [bavail * bsize, leastFreeBytes].map((n) => Math.floor(n / 1_048_576));
  throw new BadConfig(
    `Only ${free} MB are free in ${directory}, and it takes ${least}: make room, ` +
      'or set LASTRO_DATA_DIR to a directory elsewhere',
  );
};
