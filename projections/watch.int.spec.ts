import { expect } from 'chai';
import { enlist, projectionTable, troubled } from '#shared/platform/checkpoint.ts';
import { forgetLogHeads, logHeadSchema, noteLogHead } from '#shared/platform/log-head.ts';
import { metrics } from '#shared/platform/metrics.ts';
import { lagOfViews, projectionStatus } from '#shared/platform/projection-status.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { thingView } from '../test/support/a-thing-view.ts';
import { anEffectDatabase, intended } from '../test/support/effects.ts';
import { prepareView } from './view-follower.ts';
import { showStanding } from './watch.ts';

describe('How all stands', function () {
  this.timeout(180_000);
  const database = anEffectDatabase();
  const reaction = { name: 'reaction:polish', kind: 'reaction', version: 1 } as const;

  before(async () => {
    await logHeadSchema.up(database());
  });
  beforeEach(async () => {
    await database().raw('truncate log_head');
    await prepareView(database(), thingView);
    await enlist(database(), reaction, 100n);
  });

  /** The log had got there so many seconds ago. */
  const head = async (position: bigint, secondsAgo: number) => {
    await noteLogHead(database(), position);
    await database()('log_head')
      .where({ position: String(position) })
      .update({ at: database().raw(`now() - ? * interval '1 second'`, [secondsAgo]) });
  };
  const standing = async (name: string) =>
    (await projectionStatus(database())).find((one) => one.name === name);

  it('is live at the end of the log, and shortly before it', async () => {
    await head(100n, 500);
    expect(await standing(reaction.name)).to.deep.equal({
      name: reaction.name,
      kind: 'reaction',
      position: 100n,
      lag: { positions: 0n, seconds: 0 },
      status: 'LIVE',
    });
    await head(130n, 2);
    const shortly = await standing(reaction.name);
    expect(shortly?.status).to.equal('LIVE');
    expect(shortly?.lag.positions).to.equal(30n);
    expect(shortly?.lag.seconds).to.be.within(2, 4);
  });

  it('is catching up for as long as the log has been further', async () => {
    await head(100n, 500);
    await head(130n, 300);
    await head(200n, 10);
    const behind = await standing(reaction.name);
    expect(behind?.status).to.equal('CATCHING_UP');
    expect(behind?.lag.positions).to.equal(100n);
    expect(behind?.lag.seconds).to.be.within(300, 310);
  });

  it('knows how far behind each view is, and of no reaction', async () => {
    await database()(projectionTable).where({ name: 'things' }).update({ position: '100' });
    await head(100n, 500);
    expect(await lagOfViews(database())).to.deep.equal([{ name: 'things', seconds: 0 }]);
    await head(130n, 70);
    const [behind] = await lagOfViews(database());
    expect(behind?.seconds).to.be.within(70, 80);
  });

  it('shows views first, with their rows, and what is wrong with them', async () => {
    await database()(thingView.table).insert({
      ...{ thing_id: '1', size: 1, status: 'WHOLE', folded: 1, position: '0', remarks: '[]' },
      made_at: new Date('2026-01-15T12:00:00Z'),
    });
    await troubled(database(), thingView.name, { error: 'No', parked: true });
    const [view, ...others] = await projectionStatus(database());
    expect(view).to.include({ name: 'things', rows: 1, status: 'PARKED', lastError: 'No' });
    expect(others.map(({ name }) => name)).to.deep.equal([reaction.name]);
    await database()(thingView.table).delete();
  });

  it('shows a rebuild while it lasts, and that one was killed', async () => {
    const progress = { phase: 'replaying', processed: 7, perSecond: 5, etaSeconds: 9 };
    const beat = (secondsAgo: number) =>
      database()(projectionTable)
        .where({ name: 'things' })
        .update({
          rebuild: database().raw(
            `?::jsonb || jsonb_build_object('at', now() - ? * interval '1 second')`,
            [JSON.stringify({ ...progress, owner: 'somebody' }), secondsAgo],
          ),
        });
    await beat(1);
    expect(await standing('things')).to.deep.include({ status: 'REBUILDING', rebuild: progress });
    await beat(60);
    const killed = { ...progress, phase: 'interrupted', perSecond: 0, etaSeconds: null };
    expect(await standing('things')).to.deep.include({ status: 'LIVE', rebuild: killed });
  });

  it('counts what a rebuild does while it lasts, and no longer', async () => {
    const rebuild = { phase: 'replaying', processed: 7, perSecond: 5, etaSeconds: 9 };
    const shown = async (of: object | null) => {
      const listed = database()(projectionTable).where({ name: 'things' });
      await listed.update({ rebuild: of && JSON.stringify(of) });
      await showStanding({ db: database(), metrics: counted, eventStore: inMemoryEventStore() });
      return (await counted.exposed()).text;
    };
    const counted = metrics();
    const text = await shown(rebuild);
    expect(text).to.include('projection_rebuild{projection="things",phase="replaying"} 1');
    expect(text).to.include('projection_rebuild_events{projection="things"} 7');
    expect(text).to.include('projection_rebuild_events_per_second{projection="things"} 5');
    expect(text).to.include('projection_rebuild_eta_seconds{projection="things"} 9');
    expect(await shown(null)).not.to.match(/projection_rebuild\w*\{/);
  });

  it('forgets where the log ended long ago, and never where it ends', async () => {
    await head(1n, 200_000);
    await head(2n, 100_000);
    await forgetLogHeads(database());
    expect(await database()('log_head').pluck('position')).to.deep.equal(['2']);
  });

  it('is counted for those who watch from outside', async () => {
    await intended(database(), inMemoryEventStore(), 3);
    await database()('intent').where('stream', 'thing-0').update({ status: 'DONE' });
    await head(130n, 300);
    const counted = metrics();
    await showStanding({ db: database(), metrics: counted, eventStore: inMemoryEventStore() });
    const { text } = await counted.exposed();
    expect(text).to.include('effects{effect="polish",status="WAITING"} 2');
    expect(text).to.match(
      /projection_lag_positions\{projection="reaction:polish",kind="reaction"\} 30/,
    );
    expect(text).to.match(
      /projection_lag_seconds\{projection="reaction:polish",kind="reaction"\} 30\d/,
    );
  });
});
