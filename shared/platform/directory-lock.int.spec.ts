import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { BadConfig } from './config.ts';
import { DirectoryInUse, holdDirectory } from './directory-lock.ts';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const LOCK = new URL('directory-lock.ts', import.meta.url).href;

const failureOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('The lock of a directory', function () {
  this.timeout(90_000);

  const running = new Set<ChildProcess>();
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lastro-spec-'));
  });
  afterEach(async () => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
    await rm(home, { recursive: true, force: true });
  });

  const holder = async (directory: string) => {
    const script = `
      import { holdDirectory } from '${LOCK}';
      setInterval(() => undefined, 1_000);
      await holdDirectory('Worker', process.argv[1]);
      console.log('held');`;
    const flags = ['--import', TSX, '--input-type=module', '--eval', script];
    const child = spawn(process.execPath, [...flags, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(child);
    await once(child.stdout, 'data');
    return child;
  };

  it('names the process that has it, by whatever path the directory is reached', async () => {
    const child = await holder(join(home, 'data'));
    await symlink(join(home, 'data'), join(home, 'also'));
    const error = await failureOf(holdDirectory('Worker', join(home, 'also')));
    expect(error).to.be.instanceOf(DirectoryInUse);
    expect(String(error)).to.match(
      new RegExp(`Worker is already running on .*/also as process ${child.pid ?? 0}:`),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('is free as soon as its holder was killed', async () => {
    const child = await holder(home);
    child.kill('SIGKILL');
    await once(child, 'exit');
    (await holdDirectory('Worker', home))();
  });

  it('is held once, by two that try at one moment', async () => {
    const tries = [1, 2, 3, 4].map(() => holdDirectory('Worker', home));
    const outcomes = await Promise.allSettled(tries);
    const held = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(held.length).to.equal(1);
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') outcome.value();
  });

  it('is one for each work and each directory', async () => {
    const locks = await Promise.all([
      holdDirectory('Worker', join(home, 'a')),
      holdDirectory('Worker', join(home, 'b')),
      holdDirectory('Postgres', join(home, 'a')),
    ]);
    for (const release of locks) release();
  });

  it('says which directory cannot be written to', async () => {
    await writeFile(join(home, 'file'), '');
    const error = await failureOf(holdDirectory('Worker', join(home, 'file', 'data')));
    expect(error).to.be.instanceOf(BadConfig);
    expect(String(error)).to.match(/file\/data cannot be written to .*set LASTRO_DATA_DIR/);
  });
});
