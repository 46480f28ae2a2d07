import { expect } from 'chai';
import type { Pool } from 'pg';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { connectionPool } from '../adapters/postgres/database.ts';
import { aDatabase } from '../test/support/a-database.ts';
import { aLogOfThings, things } from '../test/support/a-log-of-things.ts';
import { thingView } from '../test/support/a-thing-view.ts';
import { checkpoints, following } from '../test/support/following.ts';
import { found } from '../test/support/found.ts';
import { silent } from '../test/support/silent.ts';
import { claimsOn, type Claims } from './claims.ts';
import { viewFollower } from './view-follower.ts';

describe('A claim', function () {
  this.timeout(180_000);
  const database = aDatabase(checkpoints);
  const pools: Pool[] = [];
  const claims: Claims[] = [];

  /** As another process would. */
  const somebody = (): Claims => {
    const options = { name: 'spec', connections: 2 };
    const pool = connectionPool(database.url(), options, () => undefined);
    const made = claimsOn(pool, silent);
    pools.push(pool);
    claims.push(made);
    return made;
  };
  const cut = () =>
    database().raw(
      `select pg_terminate_backend(pid) from pg_locks
        where locktype = 'advisory' and database = (
          select oid from pg_database where datname = current_database())`,
    );

  afterEach(async () => {
    await Promise.all(claims.splice(0).map((one) => one.close()));
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
  });

  it('is held by one, as often as they ask, until they let go', async () => {
    const [one, other] = [somebody(), somebody()];
    const held = await one.take('a');
    expect(held?.aborted).to.equal(false);
    expect(await one.take('a')).to.equal(held);
    expect(await other.take('a')).to.equal(undefined);
    expect(await other.take('b')).to.be.instanceOf(AbortSignal);
    await one.release('a');
    expect(await other.take('a')).to.be.instanceOf(AbortSignal);
    expect(await one.take('a')).to.equal(undefined);
  });

  it('is asked for after the one before was answered', async () => {
    const warnings: Error[] = [];
    const heard = (warning: Error) => warnings.push(warning);
    process.on('warning', heard);
    try {
      const one = somebody();
      await one.take('first');
      const names = ['a', 'b', 'c'];
      const held = await Promise.all(names.map((name) => one.take(name)));
      expect(held.every((signal) => signal !== undefined)).to.equal(true);
      await Promise.all(names.map((name) => one.release(name)));
      // Warnings come in a turn of their own.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', heard);
    }
    expect(warnings).to.deep.equal([]);
  });

  it('goes with whoever closes, all of them at once', async () => {
    const [one, other] = [somebody(), somebody()];
    const held = [await one.take('a'), await one.take('b')];
    await one.close();
    expect(held.map((signal) => signal?.aborted)).to.deep.equal([true, true]);
    const next = async () => [await other.take('a'), await other.take('b')];
    await found(next, (signals) => signals.every((signal) => signal !== undefined));
  });

  it('says so when it is lost with its connection, and can be taken again', async () => {
    const one = somebody();
    const held = await one.take('a');
    await cut();
    await found(
      () => Promise.resolve(held?.aborted),
      (aborted) => aborted === true,
    );
    const again = await one.take('a');
    expect(again?.aborted).to.equal(false);
  });

  it('keeps a view to one process, and hands it over when that loses it', async () => {
    const store = await aLogOfThings(2);
    const [one, other] = [somebody(), somebody()];
    const ours = { eventStore: store, db: database() };
    const worked: string[] = [];
    const by = (who: string) => ({ onEvents: () => void worked.push(who) });
    const arrived = async () => {
      const end = await store.end();
      await found(
        () => positionOf(database(), thingView.name),
        (position) => position >= end,
      );
    };
    const stopOne = following({ ...ours, claims: one, ...by('one') }, viewFollower(thingView));
    await arrived();
    const stopOther = following(
      { ...ours, claims: other, ...by('other') },
      viewFollower(thingView),
    );
    await things(store, 2, 4);
    await arrived();
    expect(new Set(worked)).to.deep.equal(new Set(['one']));

    await stopOne();
    await one.close();
    await things(store, 4, 6);
    await arrived();
    await stopOther();
    expect(new Set(worked)).to.deep.equal(new Set(['one', 'other']));
    const folded: unknown = await database()(thingView.table).pluck('folded');
    expect(folded).to.deep.equal([3, 3, 3, 3, 3, 3]);
  });
});
