import { expect } from 'chai';
import knex from 'knex';
import { StoreAway, type EventStore } from '#shared/kernel/event-store.ts';
import { positionOf, projectionTable, type ProjectionRow } from '#shared/platform/checkpoint.ts';
import { fewerThingEvents, given, made } from '#shared/testing/a-thing.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { aDatabase } from '../test/support/a-database.ts';
import { aLogOfThings, happens, things } from '../test/support/a-log-of-things.ts';
import { thingView } from '../test/support/a-thing-view.ts';
import { found } from '../test/support/found.ts';
import { checkpoints, following } from '../test/support/following.ts';
import { prepareView, viewFollower } from './view-follower.ts';

/** The same, beside it, so that one can be in trouble and the other not. */
const another = (changes: Partial<typeof thingView>) => ({
  ...thingView,
  name: 'other-things',
  table: 'other_thing_view',
  ...changes,
});

const failingOn = (thingId: string) =>
  another({
    evolve: (row, event, key) => {
      if (event.data.thingId === thingId) throw new Error('ana@example.com is not a thing');
      return thingView.evolve(row, event, key);
    },
  });

describe('A view in trouble', function () {
  this.timeout(180_000);
  const database = aDatabase(checkpoints);
  const view = viewFollower(thingView);
  const counts = async (table = 'thing_view') => {
    const rows: unknown = await database()(table).orderBy('size').select('thing_id', 'folded');
    return (rows as object[]).map(Object.values);
  };
  const all = (count: number) => Array.from({ length: count }, (_, nth) => [String(nth), 3]);
  const listed = (name: string): Promise<ProjectionRow | undefined> =>
    database()<ProjectionRow>(projectionTable).where({ name }).first();
  const arrived = async (store: EventStore, name = 'things') => {
    const end = await store.end();
    await found(
      () => positionOf(database(), name).catch(() => -1n),
      (position) => position >= end,
    );
  };
  const parked = (name: string) =>
    found(
      () => listed(name),
      (row) => row?.status === 'PARKED',
    );

  beforeEach(async () => {
    await database().raw('truncate projection');
    await prepareView(database(), thingView);
  });

  it('is parked right before what it fails on, says why, and others go on', async () => {
    const failing = failingOn('2');
    const store = inMemoryEventStore();
    await things(store, 0, 2);
    const before = await store.end();
    await things(store, 2, 4);
    const ours = { eventStore: store, db: database() };
    const stop = following(ours, viewFollower(failing), view);
    const row = await parked(failing.name);
    await arrived(store, 'things');
    await stop();

    expect(row?.last_error).to.include('other-things fails on ThingMade at 0@thing-2');
    expect(row?.last_error).to.include('[email] is not a thing').and.not.include('ana@');
    expect(row?.position).to.equal(String(before));
    expect(await counts(failing.table)).to.deep.equal(all(2));
    expect(await counts()).to.deep.equal(all(4));
  });

  it('is parked right before what the database will not have', async () => {
    const store = inMemoryEventStore();
    const { position } = await happens(store, made({ size: 1 }), 0);
    await happens(store, made({ thingId: '2', size: 9_999_999_999 }), 0);
    const stop = following({ eventStore: store, db: database() }, view);
    const row = await parked('things');
    await stop();
    expect(row?.position).to.equal(String(position));
    expect(row?.last_error).to.include('things fails on ThingMade at 0@thing-2, position');
  });

  it('is parked by an event that nobody declared', async () => {
    const behind = another({ events: fewerThingEvents as never });
    const store = inMemoryEventStore();
    await happens(store, made(), 0);
    const { position } = await happens(store, given(), 1);
    const stop = following({ eventStore: store, db: database() }, viewFollower(behind));
    const row = await parked(behind.name);
    await stop();
    expect(row?.last_error).to.include(`ThingGiven at position ${position}`);
  });

  it('goes on when a mended one is started, and misses nothing', async () => {
    const store = await aLogOfThings(4);
    const ours = { eventStore: store, db: database() };
    const stop = following(ours, viewFollower(failingOn('2')));
    await parked('other-things');
    await stop();
    const stopMended = following(ours, viewFollower(another({})));
    await arrived(store, 'other-things');
    await stopMended();

    expect(await counts('other_thing_view')).to.deep.equal(all(4));
    expect(await listed('other-things')).to.include({ status: 'RUNNING', last_error: null });
  });

  it('goes on by itself when the event store was away', async () => {
    const store = await aLogOfThings(3);
    let away = 3;
    const failing: EventStore = {
      ...store,
      pages: (...asked) => {
        if (--away >= 0) throw new StoreAway('No answer');
        return store.pages(...asked);
      },
    };
    const stop = following({ eventStore: failing, db: database() }, view);
    await arrived(store);
    await stop();
    expect(away).to.be.lessThan(0);
    expect(await listed('things')).to.include({ status: 'RUNNING', last_error: null });
  });

  it('goes on by itself when its connections to the database were cut', async () => {
    const store = await aLogOfThings(2);
    const admin = knex({ client: 'pg', connection: database.url(), pool: { min: 1, max: 1 } });
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
                  where datname = current_database() and pid <> pg_backend_pid()`;
    const stop = following({ eventStore: store, db: database() }, view);
    for (let from = 2; from < 10; from++) {
      await things(store, from, from + 1);
      await admin.raw(cut);
    }
    await arrived(store);
    await stop();
    await admin.destroy();
    expect(await counts()).to.deep.equal(all(10));
  });
});
