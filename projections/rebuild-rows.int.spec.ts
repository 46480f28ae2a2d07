import { expect } from 'chai';
import { given, made, type ThingEvent } from '#shared/testing/a-thing.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { aDatabase } from '../test/support/a-database.ts';
import { thingView, type ThingRow } from '../test/support/a-thing-view.ts';
import { shadowRows, type ShadowRows } from './rebuild-rows.ts';
import { createTable } from './rows.ts';
import type { AnyView } from './view.ts';

/** As things are, but a broken one is gone. */
const untilBroken: AnyView = {
  ...(thingView as unknown as AnyView),
  evolve: (row, event, key) =>
    event.type === 'ThingBroken'
      ? undefined
      : (thingView as unknown as AnyView).evolve(row, event, key),
};
const broken = (thingId: string): ThingEvent => ({ type: 'ThingBroken', data: { thingId } });

describe('The rows of a shadow', function () {
  this.timeout(180_000);
  const db = aDatabase((knex) => knex.raw('create schema shadow'));
  beforeEach(async () => {
    await db().schema.withSchema('shadow').dropTableIfExists(thingView.table);
    await createTable(db(), thingView, 'shadow');
  });

  const begun = (isEmpty = true) => shadowRows(db(), untilBroken, { isEmpty, mostKept: 3 });
  const happen = (rows: ShadowRows, ...events: ThingEvent[]) => rows.fold(recorded(events));
  const written = async (rows: ShadowRows): Promise<void> => {
    const harvest = await rows.harvest();
    await db().transaction(harvest.write);
    harvest.written();
  };
  const folded = async () => {
    const kept = await db()<ThingRow>('shadow.thing_view').orderBy('thing_id');
    return Object.fromEntries(kept.map((row) => [row.thing_id, row.folded]));
  };
  const thingIds = ['a', 'b', 'c', 'd', 'e', 'f'];
  const all = thingIds.map((thingId) => made({ thingId }));

  it('come again when they have left the memory long since', async () => {
    const rows = await begun();
    await happen(rows, ...all);
    await written(rows);
    await happen(rows, ...thingIds.map((thingId) => given({ thingId })));
    await happen(rows, given({ thingId: 'a' }));
    await written(rows);
    expect(await folded()).to.deep.equal({ a: 3, b: 2, c: 2, d: 2, e: 2, f: 2 });
  });

  it('change while what was before is being written', async () => {
    const rows = await begun();
    await happen(rows, ...all);
    const first = await rows.harvest();
    await happen(rows, given({ thingId: 'a' }), broken('b'), broken('c'), made({ thingId: 'c' }));
    await db().transaction(first.write);
    first.written();
    await written(rows);
    expect(await folded()).to.deep.equal({ a: 2, c: 1, d: 1, e: 1, f: 1 });
  });

  it('are gone, and come back, in one stretch and over several', async () => {
    const rows = await begun();
    await happen(rows, made({ thingId: 'a' }), broken('a'), made({ thingId: 'b' }), broken('b'));
    await happen(rows, made({ thingId: 'b' }));
    await written(rows);
    expect(await folded()).to.deep.equal({ b: 1 });
    await happen(rows, broken('b'));
    await written(rows);
    expect(await folded()).to.deep.equal({});
    await happen(rows, ...all);
    await written(rows);
    expect(await folded()).to.deep.equal({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 });
  });

  it('are looked up where somebody else has begun', async () => {
    const first = await begun();
    await happen(first, ...all);
    await written(first);
    const next = await begun(false);
    await happen(
      next,
      given({ thingId: 'a' }),
      given({ thingId: 'new' }),
      made({ thingId: 'new' }),
    );
    expect(next.waiting()).to.equal(3);
    await written(next);
    expect(await folded()).to.deep.equal({ a: 2, b: 1, c: 1, d: 1, e: 1, f: 1, new: 1 });
    expect((await next.harvest()).events).to.equal(0);
  });
});
