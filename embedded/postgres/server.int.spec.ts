import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { BadConfig } from '#shared/platform/config.ts';
import { listen, shut } from '#shared/platform/listen.ts';
import { logger } from '#shared/platform/log.ts';
import { aMain } from '../testing/a-main.ts';
import { failureOf } from '../testing/eventually.ts';
import { ask } from '../testing/sql.ts';
import { aCluster } from '../../test/support/a-cluster.ts';
import { aPostgres } from './a-postgres.ts';
import { startPostgres } from './server.ts';

const log = logger('postgres', 'silent');

describe('The embedded Postgres', function () {
  this.timeout(180_000);

  const { home, directory, port, start } = aCluster();

  it('compares text by code point, in UTF-8, and has room for two hundred connections', async () => {
    const server = await start();
    try {
      expect(await ask(server.url, `select 'Z' < 'a' and 'z' < 'é'`)).to.equal(true);
      expect(await ask(server.url, 'show server_encoding')).to.equal('UTF8');
      expect(await ask(server.url, 'show max_connections')).to.equal('200');
      expect(await ask(server.url, 'show synchronous_commit')).to.equal('on');
      expect(await ask(server.url, 'show listen_addresses')).to.equal('127.0.0.1');
    } finally {
      await server.stop();
    }
  });

  it('lets nobody in as a superuser, whose known password would open the machine', async () => {
    const server = await start();
    try {
      const asked = 'select rolsuper from pg_roles where rolname = current_user';
      expect(await ask(server.url, asked)).to.equal(false);
      const superuser = server.url.replace('lastro:lastro@', 'postgres:postgres@');
      expect((await failureOf(ask(superuser, 'select 1'))).message).to.match(/pg_hba/);
      await ask(server.url, 'create database another');
      await ask(server.url, 'drop database another');
    } finally {
      await server.stop();
    }
  });

  it('starts again within seconds, with all it had', async () => {
    const first = await start();
    await ask(first.url, 'insert into kept values (1)');
    await first.stop();

    const started = performance.now();
    const second = await start();
    const tookMs = performance.now() - started;
    try {
      expect(await ask(second.url, 'select n from kept where n = 1')).to.equal(1);
      expect(tookMs).to.be.below(10_000);
    } finally {
      await second.stop();
    }
  });

  it('is refused a second time on one directory, with the process that has it', async () => {
    const server = await start();
    try {
      const error = await failureOf(
        startPostgres({ directory: directory(), port: port() + 1, durable: false, log }),
      );
      expect(error).to.be.instanceOf(BadConfig);
      expect(error.message).to.match(
        new RegExp(`^Postgres is already running on .* ${process.pid}:`),
      );
    } finally {
      await server.stop();
    }
  });

  it('names the port that is in use, and the variable that moves it', async () => {
    const holder = createServer();
    const taken = await listen(holder, 0, 'port');
    try {
      const main = aMain('embedded/postgres/main.ts', {
        LASTRO_DATA_DIR: home(),
        EMBEDDED_POSTGRES_PORT: String(taken),
      });
      expect(await main.exit).to.equal(78);
      expect(main.lines).to.deep.equal([
        `postgres: Port ${taken} is in use: stop what listens there, ` +
          'or set EMBEDDED_POSTGRES_PORT to another port',
      ]);
    } finally {
      await shut(holder);
    }
  });

  it('touches neither what is not its own nor what another version made', async () => {
    const foreign = join(home(), 'foreign', 'postgres');
    await mkdir(foreign, { recursive: true });
    await writeFile(join(foreign, 'letter.txt'), 'dear');
    const startForeign = () =>
      startPostgres({ directory: foreign, port: port(), durable: false, log });
    expect((await failureOf(startForeign())).message).to.match(/holds no database/);
    expect(await readFile(join(foreign, 'letter.txt'), 'utf8')).to.equal('dear');

    await writeFile(join(foreign, 'PG_VERSION'), '17\n');
    expect((await failureOf(startForeign())).message).to.match(/made by Postgres 17, this is 18/);
  });

  // Only root may become somebody else, so only root can find its own directories closed to them.
  if (process.getuid?.() === 0)
    it('runs for root in a directory that only root may enter', async () => {
      const closed = await mkdtemp(join(tmpdir(), 'lastro-closed-'));
      await chmod(closed, 0o700);
      try {
        const server = await aPostgres({ directory: closed });
        expect(await ask(server.url, 'select 1')).to.equal(1);
        await server.close();
        expect((await stat(join(closed, 'postgres'))).uid).to.not.equal(0);
      } finally {
        await rm(closed, { recursive: true, force: true });
      }
    });

  it('leaves nothing behind when it was only for a spec', async () => {
    const server = await aPostgres();
    expect(await ask(server.url, 'show fsync')).to.equal('off');
    const data = server.url;
    await server.close();
    expect((await failureOf(ask(data, 'select 1'))).message).to.match(/ECONNREFUSED/);
  });
});
