import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#shared/platform/free-port.ts';
import { logger } from '#shared/platform/log.ts';
import { endMains } from '../../embedded/testing/a-main.ts';
import { ask } from '../../embedded/testing/sql.ts';
import { startPostgres } from '../../embedded/postgres/server.ts';

const log = logger('postgres', 'silent');

/**
 * Where servers of a whole `describe` keep their data, with a table `kept` that is there whoever
 * starts one; gone with it. `home` is for LASTRO_DATA_DIR, the server's own directory is in it.
 */
export const aCluster = () => {
  let [home, port] = ['', 0];
  const directory = () => join(home, 'postgres');
  const start = () => startPostgres({ directory: directory(), port, durable: false, log });

  before(async () => {
    [home, port] = [await mkdtemp(join(tmpdir(), 'lastro-spec-')), await freePort()];
    const server = await start();
    await ask(server.url, 'create table kept (n int)');
    await server.stop();
  });
  afterEach(endMains);
  after(() => rm(home, { recursive: true, force: true }));
  return { home: () => home, port: () => port, directory, start };
};
