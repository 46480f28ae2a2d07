import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { hasEnded } from '../../test/support/processes.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { supervise, type Supervised, type Supervising } from './supervise.ts';

describe('Supervision', function () {
  this.timeout(180_000);

  let directory: string;
  let said: string[];
  let givenUp: Error[];
  let running: Supervised[];

  const supervising = (): Supervising => ({
    environment: { PATH: '/usr/bin:/bin' },
    directory,
    say: (words) => said.push(words),
    giveUp: (error) => givenUp.push(error),
  });
  /** A process whose work is this code. */
  const start = async (code: string) => {
    const file = join(directory, 'worker.mjs');
    await writeFile(file, code);
    const worker = supervise(
      { name: 'worker', main: pathToFileURL(file).href, ports: {} },
      supervising(),
    );
    running.push(worker);
    return worker;
  };
  /** What was said of it, without what it said itself. */
  const spoken = () => said.filter((words) => !/^worker {2,}/.test(words));
  const logged = () => readFile(join(directory, 'logs', 'worker.log'), 'utf8').catch(() => '');
  const pids = async () =>
    [...(await logged()).matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid));

  const UP = `
    import { spawn } from 'node:child_process';
    console.log('pid ' + process.pid);
    process.on('disconnect', () => process.exit());
    process.send('ready');`;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-spec-'));
    [said, givenUp, running] = [[], [], []];
  });
  afterEach(async () => {
    await Promise.all(running.map(({ stop }) => stop(0)));
    await rm(directory, { recursive: true, force: true });
  });

  it('starts a killed process again after a second, and says so', async () => {
    const worker = await start(UP);
    await worker.ready;
    await waitUntil('it has said its pid', async () => (await pids()).length === 1);
    const [first = 0] = await pids();
    process.kill(first, 'SIGKILL');
    await waitUntil('it runs again', async () => (await pids()).length === 2);
    expect(spoken()).to.deep.equal([
      'worker was ended by SIGKILL',
      `worker starts again in 1 s; see ${directory}/logs/worker.log`,
    ]);
  });

  it('gives up on a process with a wrong setting, in its own words', async () => {
    await start(`console.error('worker: PORT is missing'); console.log('{}'); process.exit(78);`);
    await waitUntil('it has given up', () => givenUp.length > 0);
    expect(givenUp.map(({ message }) => message)).to.deep.equal(['worker: PORT is missing']);
    expect(spoken()).to.deep.equal(['worker ended with 78']);
  });

  it('asks a process to end, and waits for it', async () => {
    const worker = await start(`
      process.on('SIGTERM', () => setTimeout(() => { console.log('bye'); process.exit(); }, 200));
      ${UP}`);
    await worker.ready;
    await worker.stop(10_000);
    expect(await logged()).to.contain('bye');
    expect(spoken()).to.deep.equal([]);
    expect((await pids()).every(hasEnded)).to.equal(true);
  });

  it('ends one that does not, with all that it has started', async () => {
    const worker = await start(`
      process.on('SIGTERM', () => undefined);
      ${UP}
      console.log('pid ' + spawn('sleep', ['600'], { stdio: 'ignore' }).pid);`);
    await worker.ready;
    await waitUntil('both have said their pids', async () => (await pids()).length === 2);
    await worker.stop(300);
    expect(spoken()).to.deep.equal(['worker did not end in 0.3 s and is killed']);
    await waitUntil('both are gone', async () => (await pids()).every(hasEnded));
  });

  it('does not start again what it was told to end while it rested', async () => {
    const worker = await start(`console.log('pid ' + process.pid); process.exit(1);`);
    await waitUntil('it rests', () => spoken().length === 2);
    await worker.stop(5_000);
    expect((await pids()).length).to.equal(1);
  });
});
