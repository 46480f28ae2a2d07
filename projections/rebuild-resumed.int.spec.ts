import { expect } from 'chai';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { rebuildTable } from '#shared/platform/rebuild-schema.ts';
import { failure } from '#shared/testing/failure.ts';
import { aLogOfThings, things } from '../test/support/a-log-of-things.ts';
import { thingView } from '../test/support/a-thing-view.ts';
import { aViewToRebuild } from '../test/support/a-view-to-rebuild.ts';
import type { Phase } from './rebuild-progress.ts';
import { ask } from './rebuild-state.ts';
import { giveUp } from './rebuild.ts';
import { dropArchive } from './shadow.ts';

/** Pages enough that a batch holds a part of them only. */
const LARGEST_PAGE = 20_000;

describe('A rebuild that was broken off', function () {
  this.timeout(180_000);
  const { database, live, kept, rebuilt, listed, leftovers } = aViewToRebuild();
  const archived = () => database().schema.withSchema('archive').hasTable(thingView.table);

  /** Stops dead in a phase, as a kill would have it, and counts what is read of the log. */
  const broken = async (store: EventStore, phase: Phase): Promise<void> => {
    const kill = new AbortController();
    const failed = await failure(
      rebuilt(store, {
        signal: kill.signal,
        onProgress: (progress) => {
          if (progress.phase === phase) kill.abort();
        },
      }),
    );
    expect(failed).to.have.property('name', 'AbortError');
  };

  for (const phase of ['replaying', 'indexing', 'comparing', 'switching'] as const)
    it(`comes to the same table, stopped while ${phase}, with what was written since`, async () => {
      const store = await aLogOfThings(20);
      await kept(store);
      await broken(store, phase);
      await things(store, 20, 25);
      await kept(store);
      const { comparison, processed } = await rebuilt(store);
      expect(comparison).to.include({ onlyLive: 0, onlyRebuilt: 0, different: 0 });
      expect(processed).to.equal(75);
      expect(await live().where({ folded: 3 }).count('* as n')).to.deep.equal([{ n: '25' }]);
      expect(await leftovers()).to.equal(false);
    });

  it('does not read again what it has folded', async () => {
    const store = await aLogOfThings(20, LARGEST_PAGE);
    await kept(store);
    await broken(store, 'indexing');
    const begun: bigint[] = [];
    const watched: EventStore = {
      ...store,
      pages: (contract, after, follow) => {
        begun.push(after);
        return store.pages(contract, after, follow);
      },
    };
    await rebuilt(watched);
    const [first = -1n] = begun;
    expect(first).to.equal(await store.end());
  });

  it('is begun anew by other code, and where the log is behind it', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    await broken(store, 'comparing');
    await database()(rebuildTable).update({ version: 7, processed: 99 });
    expect(await rebuilt(store)).to.include({ processed: 9, switched: true });
    await broken(store, 'comparing');
    await database()(rebuildTable).update({ position: '999999', processed: 99 });
    expect(await rebuilt(store)).to.include({ processed: 9, switched: true });
  });

  it('stays paused until somebody says otherwise', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    await broken(store, 'comparing');
    expect(await ask(database(), 'things', 'PAUSE')).to.equal(true);
    expect(await failure(rebuilt(store))).to.have.property('name', 'Paused');
    expect(await listed()).to.have.nested.property('rebuild.phase', 'paused');
    await ask(database(), 'things', null);
    expect(await rebuilt(store)).to.include({ processed: 9, switched: true });
  });

  it('leaves nothing behind when it is given up', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    await broken(store, 'comparing');
    await giveUp(database(), thingView);
    expect(await leftovers()).to.equal(false);
    expect(await listed()).to.include({ rebuild: null });
    expect(await ask(database(), 'things', 'PAUSE')).to.equal(false);
    expect(await live().count('* as n')).to.deep.equal([{ n: '3' }]);
  });

  it('writes nothing more once another has taken over', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    const overtaken: EventStore = {
      ...store,
      pages: async function* (contract, after, follow) {
        await database()(rebuildTable).update({ owner: 'another' });
        yield* store.pages(contract, after, follow);
      },
    };
    for (const compareOnly of [true, false]) {
      const failed = await failure(rebuilt(overtaken, { compareOnly }));
      expect(failed).to.have.property('name', 'AlreadyRebuilding');
    }
    expect(await database()(rebuildTable).pluck('owner')).to.deep.equal(['another']);
    expect(await database()(thingView.table).withSchema('shadow')).to.deep.equal([]);
  });

  it('keeps the old table until it is dropped', async () => {
    const store = await aLogOfThings(3);
    await kept(store);
    await rebuilt(store);
    expect(await archived()).to.equal(true);
    await rebuilt(store);
    expect(await dropArchive(database(), thingView)).to.equal(true);
    expect(await archived()).to.equal(false);
    expect(await dropArchive(database(), thingView)).to.equal(false);
  });
});
