import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import knex from 'knex';
import { failure } from '#shared/testing/failure.ts';
import { aDatabase } from '../../test/support/a-database.ts';
import {
  checkpointSchema,
  enlist,
  moveCheckpoint,
  moveCheckpoints,
  Overtaken,
  positionOf,
  standingOf,
  type CheckpointMove,
} from './checkpoint.ts';
import { reachedIn } from './reached.ts';

const work = { name: 'things', kind: 'view', version: 1 } as const;

describe('A checkpoint', function () {
  this.timeout(90_000);
  const database = aDatabase((db) => checkpointSchema.up(db));
  const move = (
    from: bigint,
    to: bigint,
    { version = 1, redoable = false } = {},
    db = database(),
  ) =>
    db.transaction(async (tx) => {
      await moveCheckpoint(tx, { name: 'things', version }, { from, to, redoable });
      const { rows } = await tx.raw<{ rows: { now: string }[] }>(
        `select current_setting('synchronous_commit') as now`,
      );
      return rows[0]?.now;
    });

  beforeEach(async () => {
    await database().raw('truncate projection');
    await enlist(database(), work, 5n);
    await enlist(database(), { ...work, name: 'others' }, -1n);
  });

  it('begins once, wherever whoever comes later would begin', async () => {
    await enlist(database(), { ...work, version: 9 }, 99n);
    const begun = { position: 5n, version: 1, parked: false };
    expect(await standingOf(database(), 'things')).to.deep.equal(begun);
  });

  it('is moved by whoever knows where it is, and by nobody else', async () => {
    await move(5n, 7n);
    expect(await failure(move(5n, 8n))).to.be.instanceOf(Overtaken);
    expect(await failure(move(7n, 8n, { version: 2 }))).to.be.instanceOf(Overtaken);
    expect(await positionOf(database(), 'things')).to.equal(7n);
    expect(await positionOf(database(), 'others')).to.equal(-1n);
  });

  it('is moved with others, in one statement, unless it is elsewhere or held', async () => {
    const others = { name: 'others', version: 1, from: -1n, to: 8n };
    const things = { name: 'things', version: 1, from: 5n, to: 8n };
    const moved = (...moves: CheckpointMove[]) => moveCheckpoints(database(), moves);

    expect(await moved(things, { ...others, from: 0n })).to.deep.equal([true, false]);
    expect(await moved({ ...things, from: 8n, version: 2 }, others)).to.deep.equal([false, true]);
    const [again, beyond] = [
      { ...things, from: 8n, to: 9n },
      { ...others, from: 8n, to: 9n },
    ];
    await database().transaction(async (tx) => {
      await moveCheckpoint(tx, things, { from: 8n, to: 8n, redoable: true });
      expect(await moved(again, beyond)).to.deep.equal([false, true]);
    });
    expect(await positionOf(database(), 'things')).to.equal(8n);
    expect(await positionOf(database(), 'others')).to.equal(9n);
  });

  it('is on disk with the commit, unless the log can do it over', async () => {
    await database().raw('alter role current_user set synchronous_commit = on');
    const fresh = knex({ client: 'pg', connection: database.url(), pool: { min: 0, max: 1 } });
    const moved = (from: bigint, redoable: boolean) => move(from, from + 1n, { redoable }, fresh);
    const settings = [await moved(5n, true), await moved(6n, false)];
    await fresh.destroy();
    expect(settings).to.deep.equal(['off', 'on']);
  });

  describe('that is waited for', () => {
    const reached = (names: readonly string[], position: bigint, waitMs: number) =>
      reachedIn(database())(names, position, waitMs);

    it('is there, or is not there in time', async () => {
      expect(await reached(['things'], 5n, 0)).to.equal(true);
      expect(await reached(['things'], 6n, 30)).to.equal(false);
      expect(await reached(['things', 'others'], 5n, 0)).to.equal(false);
      expect(await reached(['never heard of'], 0n, 0)).to.equal(false);
    });

    it('is noticed when it comes', async () => {
      const waiting = reached(['things'], 8n, 10_000);
      await pause(50);
      await move(5n, 8n);
      const started = performance.now();
      expect(await waiting).to.equal(true);
      expect(performance.now() - started).to.be.lessThan(5_000);
    });

    it('is looked for once for all who wait, and never while nobody does', async () => {
      let queries = 0;
      const count = () => (queries += 1);
      const wait = reachedIn(database());
      database().on('query', count);
      try {
        const waiting = Array.from({ length: 200 }, () => wait(['things'], 6n, 100));
        expect(new Set(await Promise.all(waiting))).to.deep.equal(new Set([false]));
        expect(queries).to.be.within(2, 8);
        const soFar = queries;
        await pause(100);
        expect(queries).to.equal(soFar);
      } finally {
        database().removeListener('query', count);
      }
    });

    it('is waited for by so many and no more', async () => {
      const wait = reachedIn(database(), { mostWaiting: 2 });
      const waiting = [wait(['things'], 6n, 5_000), wait(['things'], 6n, 5_000)];
      const started = performance.now();
      expect(await wait(['things'], 5n, 5_000)).to.equal(false);
      expect(performance.now() - started).to.be.lessThan(4_000);
      await move(5n, 6n);
      expect(await Promise.all(waiting)).to.deep.equal([true, true]);
      expect(await wait(['things'], 6n, 0)).to.equal(true);
    });

    it('is not answered for when the database cannot be asked', async () => {
      await database().raw('alter table projection rename to gone');
      const failed = await failure(reached(['things'], 5n, 1_000));
      await database().raw('alter table gone rename to projection');
      expect(failed).to.be.instanceOf(Error).and.have.property('code', '42P01');
    });
  });
});
