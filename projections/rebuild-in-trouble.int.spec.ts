import { expect } from 'chai';
import { projectionTable } from '#shared/platform/checkpoint.ts';
import { failure } from '#shared/testing/failure.ts';
import { aLogOfThings } from '../test/support/a-log-of-things.ts';
import { thingView } from '../test/support/a-thing-view.ts';
import { aViewToRebuild } from '../test/support/a-view-to-rebuild.ts';
import { found } from '../test/support/found.ts';
import { Unfoldable } from './view.ts';

describe('A rebuild in trouble', function () {
  this.timeout(180_000);
  const { database, live, kept, rebuilt, listed } = aViewToRebuild();

  it('waits for readers, and does not keep others waiting for long', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    const reader = await database().transaction();
    await reader('thing_view').first();
    const rebuilding = rebuilt(store);
    await found(listed, (row) => row?.rebuild?.phase === 'switching');
    const started = performance.now();
    await live().first();
    expect(performance.now() - started).to.be.lessThan(20_000);
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
    expect(await failure(rebuilt(store))).to.have.property('name', 'AlreadyRebuilding');
    await lease(60);
    expect((await rebuilt(store)).switched).to.equal(true);
  });

  it('has a view to begin with', async () => {
    const unknown = { ...thingView, name: 'unknown' };
    const failed = await failure(rebuilt(await aLogOfThings(1), {}, unknown));
    expect(failed).to.have.property('name', 'NoSuchView');
  });

  it('makes a table where it was lost', async () => {
    const store = await aLogOfThings(2);
    await kept(store);
    await database().schema.dropTable('thing_view');
    expect(await rebuilt(store)).to.include({ comparison: undefined, switched: true });
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
    expect(await failure(rebuilt(store, {}, failing))).to.be.instanceOf(Unfoldable);
    expect(await live().count('* as n')).to.deep.equal([{ n: '3' }]);
    const parked = (await listed())?.rebuild;
    expect(parked).to.include({ phase: 'parked' });
    expect(parked?.error).to.include('things fails on ThingMade at 0@thing-2');
    expect((await rebuilt(store)).switched).to.equal(true);
  });

  it('stops when it is told to', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    const stopped = AbortSignal.abort();
    expect(await failure(rebuilt(store, { signal: stopped }))).to.have.property(
      'name',
      'AbortError',
    );
    expect(await listed()).to.have.nested.property('rebuild.phase', 'interrupted');
  });

  it('says when the log ends before the view', async () => {
    const store = await aLogOfThings(1);
    await database()(projectionTable).update({ position: '999999999' });
    const failed = await failure(rebuilt(store));
    expect(failed).to.have.property('message').that.includes('restored from an older copy');
  });

  it('lets go of a view that was parked', async () => {
    const store = await aLogOfThings(1);
    await kept(store);
    await database()(projectionTable).update({ status: 'PARKED', last_error: 'No' });
    await rebuilt(store);
    expect(await listed()).to.include({ status: 'RUNNING', last_error: null });
  });
});
