import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const LIFECYCLE = new URL('lifecycle.ts', import.meta.url).href;
const CONFIG = new URL('config.ts', import.meta.url).href;

const running = new Set<ChildProcess>();

/** A process whose work is this code; it says "up" when it has begun. */
const aProcess = (start: string, environment: Record<string, string> = {}) => {
  const script = `
    import { runProcess, PortInUse } from '${LIFECYCLE}';
    import { BadConfig } from '${CONFIG}';
    const alive = setInterval(() => undefined, 1_000);
    await runProcess('worker', async ({ log, onStop, stopping, fail }) => { ${start} });`;
  const child = spawn(
    process.execPath,
    ['--import', TSX, '--input-type=module', '--eval', script],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  const lines: string[] = [];
  const said = new EventEmitter();
  const outputs = [child.stdout, child.stderr].filter((output) => output !== null);
  const read = outputs.map((input) => {
    const reading = createInterface({ input }).on('line', (line) => {
      lines.push(line);
      said.emit(line);
    });
    return once(reading, 'close');
  });
  // Not its own close: that never comes when it was us who disconnected.
  const exit = once(child, 'exit').then(async (how) => {
    await Promise.all(read);
    return how as unknown[];
  });
  running.add(child);
  return { child, lines, up: once(said, 'up'), exit };
};

const THREE_CLOSERS = `
  onStop('store', () => console.log('store closed'));
  onStop('broken', () => { throw new Error('stuck') });
  onStop('server', async () => { await null; console.log('server closed') });
  console.log('up');`;

describe('A process', function () {
  this.timeout(90_000);

  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    it(`closes what it opened in the opposite order on ${signal}, and leaves with 0`, async () => {
      const { child, lines, up, exit } = aProcess(THREE_CLOSERS);
      await up;
      child.kill(signal);
      expect(await exit).to.deep.equal([0, null]);
      const closed = lines.filter((line) => line.endsWith('closed'));
      expect(closed).to.deep.equal(['server closed', 'store closed']);
      expect(lines.join()).to.contain('did not stop cleanly');
    });

  it('stops when its parent is gone', async () => {
    const { child, lines, up, exit } = aProcess(THREE_CLOSERS);
    await up;
    child.disconnect();
    expect(await exit).to.deep.equal([0, null]);
    expect(lines).to.contain('store closed');
  });

  it('stops when its parent is gone, though nobody reads what it still has to say', async () => {
    const { child, up } = aProcess(`
      onStop('words', () => { for (let nth = 0; nth < 9; nth++) log.warn('w'.repeat(2_000)); });
      console.log('up');`);
    await up;
    child.stdout?.destroy();
    const exit = once(child, 'exit');
    child.disconnect();
    expect(await exit).to.deep.equal([0, null]);
  });

  it('does not even begin when its parent was gone before it looked', async () => {
    const { child, lines, exit } = aProcess(THREE_CLOSERS);
    child.disconnect();
    expect(await exit).to.deep.equal([0, null]);
    expect(lines).to.deep.equal([]);
  });

  it('has no one to tell that it is up when its parent went in the meantime', async () => {
    const { lines, exit } = aProcess(`${THREE_CLOSERS} process.disconnect();`);
    expect(await exit).to.deep.equal([0, null]);
    expect(lines).to.contain('store closed');
    expect(lines.join()).to.not.contain('a fault');
  });

  it('closes what a start had opened before it failed, and leaves with 1', async () => {
    const { lines, exit } = aProcess(`${THREE_CLOSERS} throw new Error('no luck');`);
    expect(await exit).to.deep.equal([1, null]);
    expect(lines).to.include.members(['server closed', 'store closed']);
    expect(lines.join()).to.contain('no luck');
  });

  it('says in one line which setting is wrong, and leaves with 78', async () => {
    const { lines, exit } = aProcess(`throw new PortInUse(8080, 'COMMAND_API_PORT');`);
    expect(await exit).to.deep.equal([78, null]);
    expect(lines).to.deep.equal([
      'worker: Port 8080 is in use: stop what listens there, or set COMMAND_API_PORT to another port',
    ]);
  });

  it('refuses a log level that does not exist before it does anything', async () => {
    const { lines, exit } = aProcess(`console.log('up')`, { LOG_LEVEL: 'loud' });
    expect(await exit).to.deep.equal([78, null]);
    expect(lines.length).to.equal(1);
    expect(lines[0]).to.match(/^worker: LOG_LEVEL /);
  });

  it('ends in order with 1 when it cannot go on, or nobody caught a fault', async () => {
    for (const fault of [`fail(new Error('gone'))`, `void Promise.reject(new Error('gone'))`]) {
      const { lines, exit } = aProcess(`${THREE_CLOSERS} ${fault};`);
      expect(await exit).to.deep.equal([1, null]);
      expect(lines).to.contain('store closed');
      expect(lines.join()).to.contain('gone');
    }
  });

  it('is gone within its limit, though something never closes', async () => {
    const started = performance.now();
    const { child, up, exit } = aProcess(
      `onStop('x', () => new Promise(() => {})); console.log('up');`,
    );
    await up;
    child.kill('SIGTERM');
    expect(await exit).to.deep.equal([1, null]);
    expect(performance.now() - started).to.be.below(15_000);
  });
});
