import { expect } from 'chai';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { things } from '../test/support/a-log-of-things.ts';
import { countedAtOnce } from '../test/support/counted-at-once.ts';
import {
  anEffectDatabase,
  carryingOut,
  intended,
  polishWhatIsMade,
  whenThey,
} from '../test/support/effects.ts';
import { following } from '../test/support/following.ts';
import { reactionFollower } from './reaction-follower.ts';

const FIRST = 60;
const ALL = 800;

describe('Effects that are far behind', function () {
  this.timeout(180_000);
  const database = anEffectDatabase();

  /** How many jobs were looked at, by connections that are closed. */
  const lookedAt = async (): Promise<number> => {
    const { rows } = await database().raw<{ rows: readonly { readonly jobs: number }[] }>(
      `select (seq_tup_read + idx_tup_fetch)::integer as jobs
         from pg_stat_user_tables where relname = '_private_jobs'`,
    );
    return rows[0]?.jobs ?? 0;
  };

  it('are carried out one after the other if they can wait, and others beside each other', async () => {
    for (const givesWay of [true, false]) {
      const store = inMemoryEventStore();
      await intended(database(), store, 12);
      const { work: carryOut, most } = countedAtOnce(20);
      const stop = carryingOut(database.url(), store, { kind: 'polish', carryOut, givesWay });
      await whenThey(database(), 'DONE', 12);
      await stop();
      if (givesWay) expect(most()).to.equal(1);
      else expect(most()).to.be.above(1);
      await database()('intent').delete();
      await database()('projection').delete();
    }
  });

  it('are found without looking through all that waits', async () => {
    const store = inMemoryEventStore();
    const before = await lookedAt();
    const carryOut = () => Promise.resolve();
    const stop = carryingOut(database.url(), store, { kind: 'polish', carryOut });
    const db = database();
    const stopFollowing = following({ eventStore: store, db }, reactionFollower(polishWhatIsMade));
    // However a queue is looked through that has next to nothing in it, it must not stay so.
    await things(store, 0, FIRST);
    await whenThey(db, 'DONE', FIRST);
    await things(store, FIRST, ALL);
    await whenThey(db, 'DONE', ALL);
    await Promise.all([stop(), stopFollowing()]);
    expect((await lookedAt()) - before).to.be.below((ALL * ALL) / 10);
  });
});
