import { expect } from 'chai';
import type { Knex } from 'knex';
import { BEGINNING, type EventStore } from '#shared/kernel/event-store.ts';
import { Overtaken, positionOf, projectionTable } from '#shared/platform/checkpoint.ts';
import { given, made, thingEvents } from '#shared/testing/a-thing.ts';
import { failure } from '#shared/testing/failure.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { aDatabase } from '../test/support/a-database.ts';
import { aLogOfThings, happens, things } from '../test/support/a-log-of-things.ts';
import { thingView, type ThingRow } from '../test/support/a-thing-view.ts';
import { found } from '../test/support/found.ts';
import { checkpoints, following } from '../test/support/following.ts';
import { step, Stuck } from './follower.ts';
import { prepareView, viewFollower } from './view-follower.ts';
import type { AnyView } from './view.ts';

describe('A view', function () {
  this.timeout(180_000);
  const database = aDatabase(checkpoints);
  const view = viewFollower(thingView);
  const rows = (): Promise<ThingRow[]> => database()<ThingRow>('thing_view').orderBy('size');
  const counts = async () => (await rows()).map(({ thing_id, folded }) => [thing_id, folded]);
  const all = (count: number) => Array.from({ length: count }, (_, nth) => [String(nth), 3]);
  const arrived = async (store: EventStore, name = 'things') => {
    const end = await store.end();
    await found(
      () => positionOf(database(), name),
      (position) => position >= end,
    );
  };

  beforeEach(async () => {
    await database().raw('truncate projection');
    await prepareView(database(), thingView);
  });

  it('goes on from where it stopped', async () => {
    const store = await aLogOfThings(3);
    const stop = following({ eventStore: store, db: database() }, view);
    await arrived(store);
    await stop();
    await things(store, 3, 5);
    const stopAgain = following({ eventStore: store, db: database() }, view);
    await arrived(store);
    await stopAgain();
    expect(await counts()).to.deep.equal(all(5));
  });

  it('folds each event once, though two of us keep it, and none waits for the other', async () => {
    const store = await aLogOfThings(40);
    const ours = { eventStore: store, db: database() };
    const stops = [following(ours, view), following(ours, view)];
    await things(store, 40, 80);
    await arrived(store);
    await Promise.all(stops.map((stop) => stop()));
    expect(await counts()).to.deep.equal(all(80));
  });

  it('comes to the same rows, whatever comes in one transaction', async () => {
    const events = recorded([made(), given(), given({ name: 'Bea' })]);
    await step(database(), view, BEGINNING, { events, upTo: 2n });
    const together = await rows();
    await database().raw('truncate projection');
    await prepareView(database(), thingView);
    for (const event of events)
      await step(database(), view, event.position - 1n, { events: [event], upTo: event.position });
    expect(await rows()).to.deep.equal(together);
    expect(together[0]?.made_at).to.be.instanceOf(Date);
  });

  it('keeps neither rows nor position of a page that failed', async () => {
    const page = { events: recorded([made(), made({ size: 9_999_999_999 })]), upTo: 1n };
    expect(await failure(step(database(), view, BEGINNING, page))).to.be.instanceOf(Stuck);
    expect(await rows()).to.deep.equal([]);
    expect(await positionOf(database(), 'things')).to.equal(BEGINNING);
  });

  it('applies a page once, and says so to whoever comes second', async () => {
    const attempt = () =>
      step(database(), view, BEGINNING, { events: recorded([made(), given()]), upTo: 1n });
    const outcomes = await Promise.allSettled([attempt(), attempt()]);
    expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
    expect(await failure(attempt())).to.be.instanceOf(Overtaken);
    expect((await rows())[0]?.folded).to.equal(2);
  });

  it('takes back a row of which there is nothing to show any more', async () => {
    const fading: typeof thingView = {
      ...thingView,
      name: 'fading-things',
      table: 'fading_thing_view',
      evolve: (row, event, key) =>
        event.type === 'ThingBroken' ? undefined : thingView.evolve(row, event, key),
    };
    await prepareView(database(), fading);
    const store = await aLogOfThings(4);
    await happens(store, made({ thingId: 'left' }), 0);
    const stop = following({ eventStore: store, db: database() }, viewFollower(fading));
    await arrived(store, fading.name);
    await stop();
    expect(await database()(fading.table).pluck('thing_id')).to.deep.equal(['left']);
  });

  it('is about several rows at a time, if it says so', async () => {
    const counted: AnyView = {
      name: 'counted-things',
      version: 1,
      table: 'counted_thing_view',
      key: 'thing_id',
      events: thingEvents,
      columns: (table: Knex.CreateTableBuilder) => {
        table.text('thing_id').primary();
        table.integer('folded').notNullable();
      },
      keysOf: ({ data }) => ['all', (data as { thingId: string }).thingId],
      evolve: (row, _event, key) => ({ thing_id: key, folded: Number(row?.['folded'] ?? 0) + 1 }),
    };
    await prepareView(database(), counted);
    const store = await aLogOfThings(2);
    const stop = following({ eventStore: store, db: database() }, viewFollower(counted));
    await arrived(store, counted.name);
    await stop();
    const rows = await database()(counted.table).orderBy('thing_id').select('thing_id', 'folded');
    expect(rows.map(Object.values)).to.deep.equal([
      ['0', 3],
      ['1', 3],
      ['all', 6],
    ]);
  });

  it('shows what Postgres cannot keep as something that it can', async () => {
    const events = recorded([made(), given({ name: 'a\0b\ud800c \\u0000' })]);
    await step(database(), view, BEGINNING, { events, upTo: 1n });
    expect((await rows())[0]?.remarks).to.deep.equal(['a\ufffdb\ufffdc \\u0000']);
  });

  describe('of a newer version', () => {
    it('is made anew before it goes on', async () => {
      const store = await aLogOfThings(3);
      const ours = { eventStore: store, db: database() };
      const stop = following(ours, view);
      await arrived(store);
      await stop();

      const newer = { ...thingView, version: 2, evolve: doubled };
      const stopNewer = following(ours, viewFollower(newer));
      await things(store, 3, 4);
      await arrived(store);
      await stopNewer();
      expect((await rows()).map(({ size }) => size)).to.deep.equal([0, 2, 4, 6]);
    });

    it('is left alone by an older one', async () => {
      const store = await aLogOfThings(1);
      await database()(projectionTable).where({ name: 'things' }).update({ version: 2 });
      await following({ eventStore: store, db: database() }, view)();
      const page = { events: recorded([made()]), upTo: 0n };
      expect(await failure(step(database(), view, BEGINNING, page))).to.be.instanceOf(Overtaken);
      expect(await positionOf(database(), 'things')).to.equal(BEGINNING);
    });
  });
});

const doubled: (typeof thingView)['evolve'] = (row, event, key) => {
  const next = thingView.evolve(row, event, key);
  return next && event.type === 'ThingMade' ? { ...next, size: next.size * 2 } : next;
};
