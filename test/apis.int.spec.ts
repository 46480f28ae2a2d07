import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { enlist } from '#shared/platform/checkpoint.ts';
import { aCable, type ACable } from './support/a-cable.ts';
import { aDatabase } from './support/a-database.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from './support/an-event-store.ts';
import { freePorts } from '#shared/platform/free-port.ts';
import { waitUntil } from './support/wait-until.ts';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const LONGEST_START_MS = 60_000;

describe('The processes of the APIs', function () {
  this.timeout(2 * LONGEST_START_MS);
  const db = aDatabase();
  const running = new Set<ChildProcess>();
  let node: AnEmbeddedNode;
  let cables: { readonly database: ACable; readonly eventStore: ACable };
  let directory: string;
  let environment: NodeJS.ProcessEnv;
  let apis: { readonly command: string; readonly query: string };

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-apis-'));
    node = await anEmbeddedNode();
    const databaseUrl = new URL(db.url());
    cables = {
      database: await aCable(Number(databaseUrl.port)),
      eventStore: await aCable(node.port),
    };
    databaseUrl.port = String(cables.database.port);
    const [commandPort = 0, queryPort = 0] = await freePorts(2);
    apis = { command: `http://127.0.0.1:${commandPort}`, query: `http://127.0.0.1:${queryPort}` };
    environment = {
      ...{ LASTRO_DATA_DIR: directory, LOG_LEVEL: 'error' },
      DATABASE_URL: databaseUrl.href,
      EVENTSTORE_URL: `esdb://127.0.0.1:${cables.eventStore.port}?tls=false`,
      ...{ COMMAND_API_PORT: String(commandPort), QUERY_API_PORT: String(queryPort) },
    };
  });
  after(async () => {
    for (const cable of Object.values(cables)) await cable.close();
    await node.close();
    await rm(directory, { recursive: true });
  });
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });

  const start = (side: 'command-api' | 'query-api', more: NodeJS.ProcessEnv = {}) => {
    const main = fileURLToPath(new URL(`../${side}/main.ts`, import.meta.url));
    const child = spawn(process.execPath, ['--import', TSX, main], {
      env: { ...environment, ...more },
    });
    running.add(child);
    const said = text(child.stderr);
    child.stdout.resume();
    return { child, ended: once(child, 'close') as Promise<[number | null]>, said };
  };
  const asked = async (url: string) => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    return { status: answer?.status, body: (await answer?.text()) ?? '' };
  };
  const comesUp = (api: string, path: string) =>
    waitUntil(
      `${api}${path} is there`,
      async () => (await asked(`${api}${path}`)).status === 200,
      LONGEST_START_MS,
    );

  it('live without their servers, say what is missing, and are ready when it comes', async () => {
    for (const cable of Object.values(cables)) cable.cut();
    const command = start('command-api');
    const query = start('query-api');
    await Promise.all(Object.values(apis).map((api) => comesUp(api, '/health/live')));
    const missing = {
      command: await asked(`${apis.command}/health/ready`),
      query: await asked(`${apis.query}/health/ready`),
    };
    expect(missing.command).to.include({ status: 503 });
    expect(missing.command.body).to.include('event-store: ').and.include('database: ');
    expect(missing.query).to.include({ status: 503 });

    for (const cable of Object.values(cables)) cable.mend();
    await comesUp(apis.query, '/health/ready');
    const guess = () =>
      fetch(`${apis.command}/v1/auth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'nobody', password: 'a wrong guess' }),
      });
    const { body } = await asked(`${apis.command}/health/ready`);
    expect(body).to.include('reactions: have not begun');
    const early = await guess();
    expect([early.status, await early.json()]).to.deep.include(503);

    await enlist(db(), { name: 'reaction:some', kind: 'reaction', version: 1 }, BEGINNING);
    await comesUp(apis.command, '/health/ready');
    expect((await guess()).status).to.equal(401);

    for (const { child } of [command, query]) child.kill('SIGTERM');
    expect(await command.ended).to.deep.equal([0, null]);
    expect(await query.ended).to.deep.equal([0, null]);
  });

  it('do not start in production without what they need, and name it in one line', async () => {
    const bare = {
      ...{ LASTRO_ENV: 'production', EVENTSTORE_URL: '', DATABASE_URL: '' },
      ...{ LASTRO_MASTER_KEY: '', LASTRO_HASH_KEY: '', JWT_PRIVATE_KEY: '' },
    };
    const processes = [start('command-api', bare), start('query-api', bare)];
    for (const { ended, said } of processes) {
      expect((await ended)[0]).to.equal(78);
      const line = await said;
      expect(line.trim().split('\n')).to.have.length(1);
      for (const name of Object.keys(bare).slice(1)) expect(line).to.include(`${name} is missing`);
    }
  });

  it('name the port that is taken, and the variable that moves it', async () => {
    const COMMAND_API_PORT = String(node.port);
    const { ended, said } = start('command-api', { COMMAND_API_PORT });
    expect((await ended)[0]).to.equal(78);
    expect(await said)
      .to.include(COMMAND_API_PORT)
      .and.include('COMMAND_API_PORT');
  });
});
