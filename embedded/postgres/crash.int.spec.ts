import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { aMain } from '../testing/a-main.ts';
import { eventually, isGone } from '../testing/eventually.ts';
import { ask } from '../testing/sql.ts';
import { aCluster } from '../../test/support/a-cluster.ts';
import { accountFor } from './account.ts';
import { binariesFor } from './binaries.ts';
import { dataFlag, placeOf } from './cluster.ts';

describe('An embedded Postgres, after a crash,', function () {
  this.timeout(180_000);

  const { home, directory, port, start } = aCluster();

  it('says so when the server is killed, and recovers what it acknowledged', async () => {
    const first = await start();
    await ask(first.url, 'insert into kept values (2)');
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    await first.stop();

    const second = await start();
    try {
      expect(await ask(second.url, 'select n from kept where n = 2')).to.equal(2);
    } finally {
      await second.stop();
    }
  });

  it('leaves no server behind when its process is killed', async () => {
    const main = aMain('embedded/postgres/main.ts', {
      LASTRO_DATA_DIR: home(),
      EMBEDDED_POSTGRES_PORT: String(port()),
    });
    const { pid } = JSON.parse(await main.says('ready')) as { pid: number };
    await ask(`postgres://lastro:lastro@127.0.0.1:${port()}/lastro`, 'insert into kept values (3)');
    main.process.kill('SIGKILL');
    expect(await main.exit).to.equal('SIGKILL');
    await eventually(() => isGone(pid));

    const next = await start();
    try {
      expect(await ask(next.url, 'select n from kept where n = 3')).to.equal(3);
    } finally {
      await next.stop();
    }
  });

  it('ends with its process, on SIGTERM, while clients are connected', async () => {
    const main = aMain('embedded/postgres/main.ts', {
      LASTRO_DATA_DIR: home(),
      EMBEDDED_POSTGRES_PORT: String(port()),
    });
    const { pid } = JSON.parse(await main.says('ready')) as { pid: number };
    const client = new pg.Client(`postgres://lastro:lastro@127.0.0.1:${port()}/lastro`);
    client.on('error', () => undefined);
    await client.connect();
    main.process.kill('SIGTERM');
    expect(await main.exit).to.equal(0);
    expect(isGone(pid)).to.equal(true);
    await client.end().catch(() => undefined);
  });

  it('stops a server that a killed run left on its directory', async () => {
    const account = await accountFor(directory());
    const { postgres } = await binariesFor(account);
    const flags = ['-p', String(port()), '-c', 'unix_socket_directories='];
    const orphan = spawn(postgres, [...dataFlag(directory()), ...flags], {
      ...placeOf(directory(), account),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const end = once(orphan, 'exit');
    for await (const said of orphan.stderr) if (String(said).includes('ready to accept')) break;

    const server = await start();
    try {
      expect(await end).to.deep.equal([0, null]);
      expect(await ask(server.url, 'select 1')).to.equal(1);
    } finally {
      await server.stop();
    }
  });

  it('leaves alone whoever got the process id of a server that crashed', async () => {
    const bystander = spawn('sleep', ['60'], {
      ...(await accountFor(directory())),
      stdio: 'ignore',
    });
    try {
      const file = `${bystander.pid ?? 0}\n${directory()}\n1700000000\n${port()}\n\n127.0.0.1\n\n`;
      await writeFile(join(directory(), 'postmaster.pid'), file);
      const server = await start();
      expect(await ask(server.url, 'select 1')).to.equal(1);
      await server.stop();
      expect(bystander.exitCode ?? bystander.signalCode).to.equal(null);
    } finally {
      bystander.kill();
    }
  });
});
