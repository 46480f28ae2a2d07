import { once } from 'node:events';
import { type Server } from 'node:net';
import { BadConfig } from './config.ts';
import { PortInUse } from './lifecycle.ts';

export const LOOPBACK = '127.0.0.1';

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : '');

/**
 * Listens on a port of this machine; 0 takes any free one.
 * @returns the port that it is.
 * @throws {PortInUse | BadConfig} naming the variable by which another port is chosen.
 */
export const listen = async (
  server: Server,
  port: number,
  variable: string,
  host = LOOPBACK,
): Promise<number> => {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') throw new PortInUse(port, variable);
    if (codeOf(error) === 'EACCES')
      throw new BadConfig(`Port ${port} needs more rights: set ${variable} to one above 1023`);
    throw error;
  }

  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : port;
};

/** Accepts nothing more, and ends at once what is still connected. */
export const shut = async (
  server: Server & { readonly closeAllConnections?: () => void },
): Promise<void> => {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections?.();
  await closed;
};
