import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, constants, mkdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadConfig } from './config.ts';

/** A holder answers at once, if it answers at all. */
const LONGEST_ANSWER_MS = 1_000;
const MOST_ASKING = 16;

/** Somebody else works on this directory. */
export class DirectoryInUse extends BadConfig {
  constructor(what: string, directory: string, pid: string) {
    const holder = pid === '' ? '' : ` as process ${pid}`;
    super(`${what} is already running on ${directory}${holder}: stop that one first`);
  }
}

/**
 * Linux has sockets whose name lives and dies with the process that holds them. Elsewhere the name
 * is a file, which may stay behind; then nobody answers there.
 */
const addressOf = (what: string, directory: string) => {
  const name = createHash('sha256').update(`${what}\n${directory}`).digest('hex').slice(0, 32);
  return process.platform === 'linux' ? `\0lastro-${name}` : join(tmpdir(), `lastro-${name}.sock`);
};

/** The holder's process id, empty if it is silent; nothing if there is no holder. */
const holderOf = async (address: string): Promise<string | undefined> => {
  const socket = connect(address).setTimeout(LONGEST_ANSWER_MS, () => socket.destroy());
  try {
    let answer = '';
    for await (const part of socket) answer += String(part);
    return answer;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')
      return undefined;
    return '';
  }
};

const entered = async (directory: string): Promise<string> => {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK | constants.X_OK);
    return await realpath(directory);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new BadConfig(
      `${directory} cannot be written to (${why}): set LASTRO_DATA_DIR to a directory of yours`,
    );
  }
};

const bound = async (server: Server, address: string): Promise<boolean> => {
  try {
    await once(server.listen(address), 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
};

/**
 * Makes this process the only one that runs `what` on a directory, which is made if need be. The
 * system itself gives the lock back when the process ends, however it ends: none is ever stale.
 * @returns what gives it back earlier.
 * @throws {DirectoryInUse} naming the process that has it; BadConfig if it cannot be written to.
 */
export const holdDirectory = async (what: string, directory: string): Promise<() => void> => {
  const address = addressOf(what, await entered(directory));
  const server = createServer((asking) => {
    asking.on('error', () => asking.destroy()).end(String(process.pid));
  });
  server.maxConnections = MOST_ASKING;

  if (!(await bound(server, address))) {
    const pid = await holderOf(address);
    if (pid === undefined && !address.startsWith('\0')) await rm(address, { force: true });
    if (pid !== undefined || !(await bound(server, address)))
      throw new DirectoryInUse(what, directory, pid ?? '');
  }
  server.unref();
  return () => server.close();
};
