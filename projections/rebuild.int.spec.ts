import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { aLogOfThings, things } from '../test/support/a-log-of-things.ts';
import { thingView } from '../test/support/a-thing-view.ts';
import { aViewToRebuild } from '../test/support/a-view-to-rebuild.ts';
import { following } from '../test/support/following.ts';
import type { Progress } from './rebuild-progress.ts';
import { viewFollower } from './view-follower.ts';

const same = { onlyLive: 0, onlyRebuilt: 0, different: 0, first: [] };

describe('A rebuild', function () {
  this.timeout(180_000);
  const { database, arrived, live, kept, rebuilt, listed, leftovers, indexes } = aViewToRebuild();

  it('comes to the same rows and indexes, as often as it is done', async () => {
    const store = await aLogOfThings(30);
    await kept(store);
    const [rows, definitions] = [await live().orderBy('size'), await indexes()] as const;
    for (const outcome of [await rebuilt(store), await rebuilt(store)]) {
      expect(outcome).to.include({ switched: true, processed: 90 });
      expect(outcome.comparison).to.deep.include({ ...same, rows: { live: 30, rebuilt: 30 } });
    }
    const { comparison } = await rebuilt(store, { compareOnly: true });
    const { live: was, rebuilt: is } = comparison?.checksums ?? {};
    expect(is)
      .to.match(/^[0-9a-f]{64}$/)
      .and.to.equal(was);
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

    const { comparison } = await rebuilt(store);
    expect(comparison).to.include({ onlyLive: 1, onlyRebuilt: 2, different: 1 });
    const broken = { status: 'BROKEN', folded: 3 };
    expect(comparison?.first.map(({ key }) => key)).to.eql(['0', '1', '2', 'nobody']);
    expect(comparison?.first[0]).to.deep.include({ live: undefined });
    expect(comparison?.first[0]?.rebuilt).to.include({ thing_id: '0', ...broken });
    expect(comparison?.first[1]).to.deep.include({
      live: { status: 'WHOLE', folded: 1 },
      rebuilt: broken,
    });
    expect(comparison?.first[3]).to.deep.include({ rebuilt: undefined });
    expect(comparison?.first[3]?.live).to.include({ thing_id: 'nobody', size: 2 });
    expect((await live().orderBy('size')).map(({ folded }) => folded)).to.eql([3, 3, 3, 3, 3]);
  });

  it('leaves the live table as it is when it is only to compare', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    await live().where({ thing_id: '1' }).update({ folded: 7 });
    const { comparison, switched } = await rebuilt(store, { compareOnly: true });
    expect(comparison).to.include({ onlyLive: 0, onlyRebuilt: 0, different: 1 });
    expect(new Set(Object.values({ ...comparison?.checksums }))).to.have.property('size', 2);
    expect(switched).to.equal(false);
    expect(await live().where({ thing_id: '1' }).pluck('folded')).to.deep.equal([7]);
    expect(await leftovers()).to.equal(false);
    expect(await listed()).to.include({ rebuild: null });
  });

  it('compares at one position, and loses nothing, while the view goes on', async () => {
    const store = await aLogOfThings(200);
    const stop = following({ eventStore: store, db: database() }, viewFollower(thingView));
    await arrived(store);
    const stopWriting = new AbortController();
    const writing = (async () => {
      let written = 200;
      for (; !stopWriting.signal.aborted; written += 1) {
        await things(store, written, written + 1);
        await nextTurn();
      }
      return written;
    })();
    for (const { comparison } of [await rebuilt(store), await rebuilt(store), await rebuilt(store)])
      expect(comparison).to.include({ onlyLive: 0, onlyRebuilt: 0, different: 0 });
    stopWriting.abort();
    const written = await writing;
    await arrived(store);
    await stop();
    expect(written).to.be.greaterThan(200);
    expect(new Set(await live().pluck('folded'))).to.deep.equal(new Set([3]));
    expect(await live().count('* as n')).to.deep.equal([{ n: String(written) }]);
  });

  for (const moment of ['before', 'after'] as const)
    it(`is not misled by what happens right ${moment} each of its looks at the log`, async () => {
      const store = await aLogOfThings(2);
      await kept(store);
      let made = 2;
      const goOn = async () => {
        if (made === 8) return;
        await things(store, made, made + 1);
        made += 1;
        await kept(store);
      };
      const busy: EventStore = {
        ...store,
        pages: async function* (contract, after) {
          if (moment === 'before') await goOn();
          yield* store.pages(contract, after);
          if (moment === 'after') await goOn();
        },
      };
      const { comparison } = await rebuilt(busy);
      expect(comparison).to.deep.include(same);
      expect(made).to.be.greaterThan(4);
      const whole = Array.from({ length: made }, () => 3);
      expect(await live().pluck('folded')).to.deep.equal(whole);
    });

  it('stops where the live view is, however long the log', async () => {
    const store = await aLogOfThings(2);
    await kept(store);
    await things(store, 2, 5);
    const { comparison, position } = await rebuilt(store);
    expect(comparison).to.include({ onlyRebuilt: 0, onlyLive: 0 });
    expect(comparison?.rows).to.deep.equal({ live: 2, rebuilt: 2 });
    expect(position).to.equal(await positionOf(database(), 'things'));
    await kept(store);
    expect((await live().orderBy('size')).map(({ folded }) => folded)).to.eql([3, 3, 3, 3, 3]);
  });

  it('tells how far it has got, for whoever waits and for everybody else', async () => {
    const store = await aLogOfThings(50);
    await kept(store);
    const told: Progress[] = [];
    await rebuilt(store, { onProgress: (progress) => told.push(progress) });
    expect([...new Set(told.map(({ phase }) => phase))]).to.deep.equal([
      'replaying',
      'indexing',
      'comparing',
      'switching',
    ]);
    expect(told.at(-1)).to.include({ processed: 150, fraction: 1, etaSeconds: 0 });
  });
});
