import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { listen } from '../listen.ts';

/** Longer than a proxy keeps a connection, so that it never sends a request into one that closes. */
const KEEP_ALIVE_MS = 75_000;
const LONGEST_HEADERS_MS = 20_000;
/** Enough for a large body on a slow line. */
const LONGEST_REQUEST_MS = 120_000;

/** How long what is in flight may take once we have been told to stop. */
const LONGEST_GOODBYE_MS = 6_000;
const LOOK_AGAIN_MS = 50;

/** Finishes what is in flight, accepts nothing more, and lets go of whoever only waits. */
const finish = async (server: Server): Promise<void> => {
  const closed = once(server, 'close');
  server.close();
  // A connection becomes idle when its answer is out; nothing else would close it then.
  const letGo = setInterval(() => {
    server.closeIdleConnections();
  }, LOOK_AGAIN_MS);
  const endAll = setTimeout(() => {
    server.closeAllConnections();
  }, LONGEST_GOODBYE_MS);
  await closed;
  clearInterval(letGo);
  clearTimeout(endAll);
};

export type Place = {
  /** 0 takes any free one. */
  readonly port: number;
  /** By which it is set. */
  readonly variable: string;
  /** The address on which others reach us; `0.0.0.0` for all there are. */
  readonly host: string;
};

export type Served = { readonly port: number; readonly close: () => Promise<void> };

/**
 * Serves until it is closed, and then finishes what is in flight.
 * @throws {PortInUse} naming the variable by which another port is chosen.
 */
export const serve = async (
  app: RequestListener,
  { port, variable, host }: Place,
): Promise<Served> => {
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: LONGEST_HEADERS_MS,
      requestTimeout: LONGEST_REQUEST_MS,
    },
    app,
  );
  const given = await listen(server, port, variable, host);
  return { port: given, close: () => finish(server) };
};
