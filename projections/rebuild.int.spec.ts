import { expect } from 'chai';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { positionOf, projectionTable, type ProjectionRow } from '#shared/platform/checkpoint.ts';
import { failure } from '#shared/testing/failure.ts';
import { aDatabase } from '../test/support/a-database.ts';
import { aLogOfThings, things } from '../test/support/a-log-of-things.ts';
import { thingView, type ThingRow } from '../test/support/a-thing-view.ts';
import { checkpoints, following } from '../test/support/following.ts';
import { found } from '../test/support/found.ts';
import { silent } from '../test/support/silent.ts';
import { isSame } from './compare.ts';
import { rebuild, type RebuildOptions } from './rebuild.ts';
import type { Progress } from './rebuild-progress.ts';
import { prepareView, viewFollower } from './view-follower.ts';
import { Unfoldable, type AnyView } from './view.ts';

describe('A rebuild', function () {
  this.timeout(60_000);
  const database = aDatabase(async (db) => {
    await checkpoints(db);
    await db.schema.createSchemaIfNotExists('shadow');
  });
  const live = () => database()<ThingRow>('thing_view');
  const arrived = async (store: EventStore) => {
    const end = await store.end();
    await found(
      () => positionOf(database(), 'things'),
      (position) => position >= end,
    );
  };
  const kept = async (store: EventStore, view: AnyView = thingView) => {
    const stop = following({ eventStore: store, db: database() }, viewFollower(view));
    await arrived(store);
    await stop();
  };
  const remade = (store: EventStore, options: RebuildOptions = {}, view: AnyView = thingView) =>
    rebuild({ eventStore: store, db: database(), log: silent }, view, options);
  const indexes = async () => {
    const names: unknown = await database()('pg_indexes')
      .where({ schemaname: 'public', tablename: 'thing_view' })
      .orderBy('indexname')
      .pluck('indexdef');
    return names;
  };
  const leftovers = () => database().schema.withSchema('shadow').hasTable('thing_view');
  const listed = (): Promise<ProjectionRow | undefined> =>
    database()<ProjectionRow>(projectionTable).where({ name: 'things' }).first();

  beforeEach(async () => {
    await database().raw('truncate projection');
    await prepareView(database(), thingView);
  });

  it('comes to the same rows and indexes, as often as it is done', async () => {
    const store = await aLogOfThings(30);
    await kept(store);
    const [rows, definitions] = [await live().orderBy('size'), await indexes()];
    for (const _ of [1, 2]) {
      const { comparison, switched, processed } = await remade(store);
      expect(comparison && isSame(comparison)).to.equal(true);
      expect(comparison?.rows).to.deep.equal({ live: 30, rebuilt: 30 });
      expect({ switched, processed }).to.deep.equal({ switched: true, processed: 90 });
    }
    expect(await live().orderBy('size')).to.deep.equal(rows);
    expect(await indexes()).to.deep.equal(definitions);
    expect(definitions).to.have.length(3);
    expect(await leftovers()).to.equal(false);
  });

  it('finds what is not as it should be, says what, and mends it', async () => {
    const store = await aLogOfThings(5);
    await kept(store);
    await live().where({ thing_id: '0' }).delete();
    await live().where({ thing_id: '1' }).update({ status: 'WHOLE', folded: 1 });
    await live().where({ thing_id: '2' }).update({ thing_id: 'nobody' });

    const { comparison } = await remade(store);
    expect(comparison).to.include({ onlyLive: 1, onlyRebuilt: 2, different: 1 });
    const [zero, one, two, nobody] = comparison?.first ?? [];
    expect([zero?.key, one?.key, two?.key, nobody?.key]).to.eql(['0', '1', '2', 'nobody']);
    expect(zero?.live).to.equal(undefined);
    expect(one?.live).to.deep.equal({ status: 'WHOLE', folded: 1 });
    expect(one?.rebuilt).to.deep.equal({ status: 'BROKEN', folded: 3 });
    expect(nobody?.rebuilt).to.equal(undefined);
    expect(nobody?.live).to.include({ size: 2 });
    expect((await live().orderBy('size')).map(({ folded }) => folded)).to.eql([3, 3, 3, 3, 3]);
  });

  it('leaves the live table as it is when it is only to compare', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    await live().where({ thing_id: '1' }).update({ folded: 7 });
    const { comparison, switched } = await remade(store, { compareOnly: true });
    expect(comparison).to.include({ onlyLive: 0, onlyRebuilt: 0, different: 1 });
    expect(switched).to.equal(false);
    expect(await live().where({ thing_id: '1' }).pluck('folded')).to.deep.equal([7]);
    expect(await leftovers()).to.equal(false);
    expect(await listed()).to.include({ rebuild: null });
  });

  it('holds the two against each other at the same position, and loses nothing, while the view goes on', async () => {
    const store = await aLogOfThings(200);
    const stop = following({ eventStore: store, db: database() }, viewFollower(thingView));
    await arrived(store);
    let writing = true;
    let written = 200;
    const writer = (async () => {
      for (; writing; written += 1) {
        await things(store, written, written + 1);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    for (const _ of [1, 2, 3]) {
      const { comparison } = await remade(store);
      expect(comparison).to.include({ onlyLive: 0, onlyRebuilt: 0, different: 0 });
    }
    writing = false;
    await writer;
    await arrived(store);
    await stop();
    expect(written).to.be.greaterThan(200);
    expect(new Set(await live().pluck('folded'))).to.deep.equal(new Set([3]));
    expect(await live().count('* as n')).to.deep.equal([{ n: String(written) }]);
  });

  it('stops where the live view is, however long the log', async () => {
    const store = await aLogOfThings(2);
    await kept(store);
    await things(store, 2, 5);
    const { comparison, position } = await remade(store);
    expect(comparison).to.include({ onlyRebuilt: 0, onlyLive: 0 });
    expect(comparison?.rows).to.deep.equal({ live: 2, rebuilt: 2 });
    expect(position).to.equal(await positionOf(database(), 'things'));
    await kept(store);
    expect((await live().orderBy('size')).map(({ folded }) => folded)).to.eql([3, 3, 3, 3, 3]);
  });

  it('waits for readers, and does not keep others waiting for long', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    const reader = await database().transaction();
    await reader('thing_view').first();
    const rebuilding = remade(store);
    await found(listed, (row) => row?.rebuild?.phase === 'switching');
    const started = performance.now();
    await live().first();
    expect(performance.now() - started).to.be.lessThan(2_000);
    await reader.rollback();
    expect((await rebuilding).switched).to.equal(true);
  });

  it('is done by one at a time, and by the next one when that was killed', async () => {
    const store = await aLogOfThings(1);
    await kept(store);
    const lease = (ageSeconds: number) =>
      database().raw(
        `update projection set rebuild = jsonb_build_object('owner', 'another', 'phase', 'replaying',
           'at', now() - ? * interval '1 second')`,
        [ageSeconds],
      );
    await lease(1);
    expect(await failure(remade(store))).to.have.property('name', 'AlreadyRebuilding');
    await lease(60);
    expect((await remade(store)).switched).to.equal(true);
  });

  it('has a view to begin with', async () => {
    const unknown = { ...thingView, name: 'unknown' };
    const failed = await failure(remade(await aLogOfThings(1), {}, unknown));
    expect(failed).to.have.property('name', 'NoSuchView');
  });

  it('makes a table where it was lost', async () => {
    const store = await aLogOfThings(2);
    await kept(store);
    await database().schema.dropTable('thing_view');
    expect(await remade(store)).to.include({ comparison: undefined, switched: true });
    expect(await live().count('* as n')).to.deep.equal([{ n: '2' }]);
  });

  it('stops at what it cannot fold, leaves the live table alone, and can be done again', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    const failing: typeof thingView = {
      ...thingView,
      evolve: (row, event, key) => {
        if (event.data.thingId === '2') throw new Error('No');
        return thingView.evolve(row, event, key);
      },
    };
    expect(await failure(remade(store, {}, failing))).to.be.instanceOf(Unfoldable);
    expect(await live().count('* as n')).to.deep.equal([{ n: '3' }]);
    expect((await remade(store)).switched).to.equal(true);
  });

  it('stops when it is told to', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    const stopped = AbortSignal.abort();
    expect(await failure(remade(store, { signal: stopped }))).to.have.property(
      'name',
      'AbortError',
    );
    expect(await listed()).to.include({ rebuild: null });
  });

  it('says when the log ends before the view', async () => {
    const store = await aLogOfThings(1);
    await database()(projectionTable).update({ position: '999999999' });
    const failed = await failure(remade(store));
    expect(failed).to.have.property('message').that.includes('restored from an older copy');
  });

  it('lets go of a view that was parked', async () => {
    const store = await aLogOfThings(1);
    await kept(store);
    await database()(projectionTable).update({ status: 'PARKED', last_error: 'No' });
    await remade(store);
    expect(await listed()).to.include({ status: 'RUNNING', last_error: null });
  });

  it('tells how far it has got, for whoever waits and for everybody else', async () => {
    const store = await aLogOfThings(50);
    await kept(store);
    const told: Progress[] = [];
    await remade(store, { onProgress: (progress) => told.push(progress) });
    expect([...new Set(told.map(({ phase }) => phase))]).to.deep.equal([
      'replaying',
      'indexing',
      'comparing',
      'switching',
    ]);
    expect(told.at(-1)).to.include({ processed: 150, fraction: 1, etaSeconds: 0 });
  });
});
