import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { BadConfig } from '#shared/platform/config.ts';
import { listen, shut } from '#shared/platform/listen.ts';
import { aMain, endMains, type AMain } from '../../embedded/testing/a-main.ts';
import { freePorts } from '#shared/platform/free-port.ts';
import { descendants, hasEnded } from '../../test/support/processes.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { ensureRoom } from './plan.ts';

const PORTS = [
  'EMBEDDED_POSTGRES_PORT',
  'EMBEDDED_MQTT_PORT',
  'EMBEDDED_SMTP_PORT',
  'EMBEDDED_MAIL_PORT',
  'EMBEDDED_SANDBOX_PORT',
];
const LONGEST_START_MS = 90_000;
/** A run that did not wait for a port would be gone by then. */
const PAUSE_MS = 1_000;
const LONGEST_EXIT_MS = 10_000;

describe('lastro run', function () {
  this.timeout(180_000);

  let directory: string;
  let ports: Record<string, string>;
  let all: number[] = [];

  const lastro = (args: readonly string[], settings: Record<string, string> = {}) =>
    aMain('cli/lastro.mjs', { LASTRO_DATA_DIR: directory, ...ports, ...settings }, args);
  /** Waits longer than a single server would need: the machine may be busy. */
  const up = async (run: AMain) => {
    await waitUntil(
      'it is ready',
      () => {
        if (run.process.exitCode !== null) throw new Error(run.lines.join('\n'));
        return run.lines.some((line) => line.startsWith('Ready'));
      },
      LONGEST_START_MS,
    );
    all = descendants(run.process.pid ?? 0).map(({ pid }) => pid);
    return run;
  };
  const start = (only: string) => up(lastro(['run', '--only', only]));
  const processOf = (run: AMain, main: string) =>
    descendants(run.process.pid ?? 0).find(({ command }) => command.includes(main))?.pid;
  const nothingIsLeft = () => waitUntil('nothing is left of it', () => all.every(hasEnded), 10_000);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-spec-'));
    const free = await freePorts(PORTS.length);
    ports = Object.fromEntries(PORTS.map((name, index) => [name, String(free[index])]));
  });
  afterEach(async () => {
    endMains();
    try {
      await nothingIsLeft();
    } finally {
      for (const pid of all) if (!hasEnded(pid)) process.kill(pid, 'SIGKILL');
    }
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it('starts what is needed, shows where it is, and ends all of it in ten seconds', async () => {
    const run = await start('postgres,mail');
    expect(run.lines.join('\n')).to.contain(
      `http://127.0.0.1:${ports['EMBEDDED_MAIL_PORT'] ?? ''}`,
    );
    const answer = await fetch(`http://127.0.0.1:${ports['EMBEDDED_MAIL_PORT'] ?? ''}/messages`);
    expect(await answer.json()).to.deep.equal([]);
    expect(await readFile(join(directory, 'logs', 'mail.log'), 'utf8')).to.contain('"msg":"ready"');
    expect(run.lines.filter((line) => line.includes('"level"'))).to.deep.equal([]);

    const asked = performance.now();
    run.process.kill('SIGINT');
    expect(await run.exit).to.equal(0);
    await nothingIsLeft();
    expect(performance.now() - asked).to.be.below(10_000);
    expect(all.length).to.be.above(3);
  });

  it('starts a killed process again', async () => {
    const run = await start('sandbox,mqtt');
    const killed = processOf(run, 'embedded/sandbox/main.ts') ?? 0;
    process.kill(killed, 'SIGKILL');
    const url = `http://127.0.0.1:${ports['EMBEDDED_SANDBOX_PORT'] ?? ''}/sandbox/requests`;
    await waitUntil('it is gone', () => hasEnded(killed));
    await waitUntil('it answers again', () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    expect(run.lines.join('\n')).to.match(/sandbox was ended by SIGKILL\n.*starts again in 1 s/);
    run.process.kill('SIGTERM');
    expect(await run.exit).to.equal(0);
  });

  it('leaves nothing behind when it is killed, and can be started again at once', async () => {
    const first = await start('postgres,mail,mqtt,sandbox');
    const slow = processOf(first, 'embedded/mail/main.ts') ?? 0;
    process.kill(slow, 'SIGSTOP');
    first.process.kill('SIGKILL');
    await first.exit;
    const left = all;

    const next = lastro(['run', '--only', 'postgres,mail,mqtt,sandbox']);
    await next.says('The last run was killed');
    expect(await Promise.race([next.exit, pause(PAUSE_MS, 'waiting')])).to.equal('waiting');
    process.kill(slow, 'SIGCONT');
    const second = await up(next);
    expect(left.length).to.be.above(5);
    // Their ports are free by now; who is slow may still be on the way out.
    await waitUntil('nothing of the first is left', () => left.every(hasEnded), LONGEST_EXIT_MS);
    second.process.kill('SIGTERM');
    expect(await second.exit).to.equal(0);
    expect(await stat(join(directory, 'running')).catch(() => undefined)).to.equal(undefined);
  });

  it('is refused while another one runs on the same directory, with its process', async () => {
    const first = await start('mqtt');
    const second = lastro(['run', '--only', 'sandbox']);
    expect(await second.exit).to.equal(78);
    expect(second.lines).to.deep.equal([
      `lastro: Lastro is already running on ${directory} as process ${first.process.pid ?? 0}: ` +
        'stop that one first',
    ]);
    first.process.kill('SIGTERM');
    expect(await first.exit).to.equal(0);
  });

  it('names a port that is in use, or asked for twice, and starts nothing', async () => {
    const holder = createServer();
    const taken = await listen(holder, 0, 'the port');
    try {
      const run = lastro(['run', '--only', 'mqtt,sandbox'], {
        EMBEDDED_SANDBOX_PORT: String(taken),
      });
      expect(await run.exit).to.equal(78);
      expect(run.lines).to.deep.equal([
        `lastro: Port ${taken} is in use: stop what listens there, ` +
          'or set EMBEDDED_SANDBOX_PORT to another port',
      ]);
    } finally {
      await shut(holder);
    }
    const twice = lastro(['run'], { COMMAND_API_PORT: '9999', QUERY_API_PORT: '9999' });
    expect(await twice.exit).to.equal(78);
    expect(twice.lines.join('\n')).to.match(/(COMMAND|QUERY)_API_PORT and .* are both 9999/);
  });

  it('says in one line which setting is wrong, and which usage', async () => {
    const setting = lastro(['run'], { DEMO_DATA: 'true', LASTRO_ENV: 'production' });
    expect([await setting.exit, setting.lines]).to.deep.equal([
      78,
      ['lastro: DEMO_DATA is for development: unset it in production'],
    ]);
    const usage = lastro(['rnu']);
    expect(await usage.exit).to.equal(2);
    const help = lastro(['--help']);
    expect(await help.exit).to.equal(0);
    expect(help.lines.join('\n')).to.contain('run');
  });

  it('starts nothing where there is no room', async () => {
    await ensureRoom(directory);
    const error = await ensureRoom(directory, Number.MAX_SAFE_INTEGER).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(BadConfig);
    expect(String(error)).to.match(/Only \d+ MB are free in .*LASTRO_DATA_DIR/);
  });
});
