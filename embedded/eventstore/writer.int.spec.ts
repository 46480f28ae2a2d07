import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Expected } from './expected-revision.ts';
import { eventually } from '../testing/eventually.ts';
import { openLog, type Log } from './log.ts';
import type { Outcome, Write } from './decision.ts';
import { CommitStuck, writerTo, type Writer } from './writer.ts';

const NOW = 1_767_312_000_000;

const anAppend = (stream: string, expected: Expected, more: Partial<Write> = {}): Write => ({
  stream,
  expected,
  what: [
    {
      id: randomUUID(),
      type: 'Happened',
      contentType: 'application/json',
      metadata: Buffer.alloc(0),
      data: Buffer.from('{}'),
    },
  ],
  size: 2,
  expiresAt: Infinity,
  ...more,
});
const said = (outcome: Outcome): string => {
  if (outcome.outcome === 'refused') return outcome.refusal.reason;
  return outcome.outcome === 'written' ? `written at ${outcome.at.revision}` : 'nothing';
};

describe('The writer', () => {
  let directory: string;
  let log: Log;
  let commits: number;
  let failures: unknown[];
  /** What the disk does with the next commit. */
  let disk: 'writes' | 'fails' | 'hangs';
  let release: () => void;
  let writer: Writer;
  let clock: number;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-writer-'));
    log = openLog(directory);
    const commit: Log['commit'] = async (changes) => {
      commits += 1;
      if (disk === 'fails') throw new Error('No space left on device');
      if (disk === 'hangs') await new Promise<void>((resolve) => (release = resolve));
      await log.commit(changes);
    };
    writer = writerTo(
      { ...log, commit },
      { now: () => clock, onFailure: (error) => failures.push(error), longestCommitMs: 50 },
    );
  });
  beforeEach(() => {
    [commits, failures, disk, clock] = [0, [], 'writes', NOW];
  });
  after(async () => {
    await log.close();
    await rm(directory, { recursive: true, force: true });
  });

  const write = async (...writes: readonly Write[]) =>
    (await Promise.all(writes.map((each) => writer.write(each)))).map(said);
  const revisions = (stream: string) =>
    log.streamPage(log.head(stream)?.number ?? -1, 0, 'forwards').length;

  it('commits what comes together in one transaction, each decided on those before it', async () => {
    const stream = randomUUID();
    const outcomes = await write(
      anAppend(stream, 'no-stream'),
      anAppend(stream, 'no-stream'),
      anAppend(stream, 0n),
      anAppend(randomUUID(), 'no-stream'),
    );
    expect(outcomes).to.deep.equal([
      'written at 0',
      'wrong-revision',
      'written at 1',
      'written at 0',
    ]);
    expect([commits, revisions(stream)]).to.deep.equal([1, 2]);
  });

  it('does not go to disk for what writes nothing', async () => {
    expect(await write(anAppend(randomUUID(), 5n))).to.deep.equal(['wrong-revision']);
    expect(await write(anAppend(randomUUID(), 'any', { what: [] }))).to.deep.equal(['nothing']);
    expect(commits).to.equal(0);
  });

  it('lets appends gather while a commit is on its way, and then takes them all', async () => {
    const stream = randomUUID();
    const first = write(anAppend(stream, 'any'));
    const rest = Promise.resolve().then(() =>
      write(...Array.from({ length: 9 }, () => anAppend(stream, 'any'))),
    );
    await Promise.all([first, rest]);
    expect(commits).to.be.at.most(2);
    expect(revisions(stream)).to.equal(10);
  });

  it('refuses all of a transaction that fails, says why, and decides the next as if it had not been', async () => {
    const stream = randomUUID();
    disk = 'fails';
    const outcomes = await write(anAppend(stream, 'no-stream'), anAppend(stream, 0n));
    expect(outcomes).to.deep.equal(['not-writable', 'not-writable']);
    expect(failures.map(String)).to.deep.equal(['Error: No space left on device']);

    disk = 'writes';
    expect(await write(anAppend(stream, 0n))).to.deep.equal(['wrong-revision']);
    expect(await write(anAppend(stream, 'no-stream'))).to.deep.equal(['written at 0']);
  });

  it('does not begin what nobody waits for any more', async () => {
    const stream = randomUUID();
    const late = anAppend(stream, 'any', { expiresAt: NOW });
    expect(await write(late)).to.deep.equal(['timeout']);
    expect(log.head(stream)).to.equal(undefined);
  });

  it('keeps nobody waiting beyond their time, while the disk does not answer', async () => {
    disk = 'hangs';
    const stream = randomUUID();
    const [under, behind] = [anAppend(stream, 'any'), anAppend(stream, 'any')];
    const waiting = write({ ...under, expiresAt: NOW + 1_000 });
    await eventually(() => commits === 1);
    const queued = write({ ...behind, expiresAt: NOW + 1_000 });
    clock = NOW + 1_000;
    expect(await waiting).to.deep.equal(['timeout']);
    expect(await queued).to.deep.equal(['timeout']);
    release();
    await writer.idle();
    expect(revisions(stream), 'what was on its way is written, what was not is not').to.equal(1);
  });

  it('says that a disk does not answer, and waits on', async () => {
    disk = 'hangs';
    const waiting = write(anAppend(randomUUID(), 'any'));
    while (failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(failures[0]).to.be.instanceOf(CommitStuck);
    release();
    expect(await waiting).to.deep.equal(['written at 0']);
  });

  it('is idle when everything has been answered', async () => {
    let answered = false;
    void write(anAppend(randomUUID(), 'any')).then(() => (answered = true));
    await writer.idle();
    await Promise.resolve();
    expect(answered).to.equal(true);
  });
});
