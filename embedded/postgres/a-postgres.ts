import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#shared/platform/free-port.ts';
import { logger } from '#shared/platform/log.ts';
import { startPostgres } from './server.ts';

export type APostgres = {
  readonly url: string;
  /** Stops it, and removes its directory unless that was the caller's. */
  readonly close: () => Promise<void>;
};

/**
 * A Postgres of one's own in about two seconds, for specs and measurements: on a free port, in a
 * directory that goes when it is closed, and not safe from a power cut. It ends with its process.
 */
export const aPostgres = async (
  options: { readonly directory?: string; readonly port?: number } = {},
): Promise<APostgres> => {
  const temporary = options.directory ?? (await mkdtemp(join(tmpdir(), 'lastro-postgres-')));
  const leave = async () => {
    if (options.directory === undefined) await rm(temporary, { recursive: true, force: true });
  };
  try {
    const { url, stop } = await startPostgres({
      directory: join(temporary, 'postgres'),
      port: options.port ?? (await freePort()),
      durable: false,
      log: logger('postgres', 'silent'),
    });
    const close = async () => {
      await stop();
      await leave();
    };
    return { url, close };
  } catch (error) {
    await leave();
    throw error;
  }
};
