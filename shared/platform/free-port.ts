import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { LOOPBACK, shut } from './listen.ts';

/** Below what systems hand out to connections: no connection takes the port of a server that is down. */
const FIRST = 16_000;
const BLOCKS = 512;
const BLOCK = 32;
/** A system gives up long before, on a machine whose ports are all taken. */
const MOST_TRIES = 1_000;

const listening = async (port: number): Promise<Server | undefined> => {
  const server = createServer().listen(port, LOOPBACK);
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
};

const isFree = async (port: number): Promise<boolean> => {
  const server = await listening(port);
  if (server) await shut(server);
  return server !== undefined;
};

/**
 * The ports that this process gives away. Who listens on the first of a block owns the others until
 * it ends: of specs that run side by side, none gets what another was given and has not used yet.
 */
const given = (async function* (): AsyncGenerator<number, undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const first = FIRST + Math.floor(Math.random() * BLOCKS) * BLOCK;
    const guard = await listening(first);
    if (!guard) continue;
    guard.unref();
    for (let port = first + 1; port < first + BLOCK; port++) if (await isFree(port)) yield port;
  }
  return undefined;
})();

/** A port that nobody listens on, and that this process has given to nobody else. */
export const freePort = async (): Promise<number> => {
  const { value } = await given.next();
  if (value === undefined) throw new Error(`Found no free port on ${LOOPBACK}`);
  return value;
};

/** As many of them as asked for. */
export const freePorts = (count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, freePort));
