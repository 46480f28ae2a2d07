import { expect } from 'chai';
import { BEGINNING, type EventStore } from '#shared/kernel/event-store.ts';
import type { Instant } from '#shared/kernel/message.ts';
import {
  Overtaken,
  positionOf,
  projectionTable,
  type ProjectionRow,
} from '#shared/platform/checkpoint.ts';
import { broken, made, thingEvents } from '#shared/testing/a-thing.ts';
import { failure } from '#shared/testing/failure.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta, recorded } from '#shared/testing/recorded.ts';
import { happens, things } from '../test/support/a-log-of-things.ts';
import { anEffectDatabase, intents, whenThey } from '../test/support/effects.ts';
import { following } from '../test/support/following.ts';
import { found } from '../test/support/found.ts';
import { silent } from '../test/support/silent.ts';
import { step } from './follower.ts';
import { beginTogether, checkpointName, reactionFollower } from './reaction-follower.ts';
import type { Reaction } from './reaction.ts';

type ThingReaction = Reaction<(typeof thingEvents)['schemas']>;

const later = '2100-01-01T00:00:00.000Z' as Instant;

const sweepUp: ThingReaction = {
  name: 'sweep-up-what-is-broken',
  events: thingEvents,
  on: {
    ThingMade: () => undefined,
    ThingGiven: () => undefined,
    ThingBroken: ({ stream, data }) => ({
      kind: 'sweep',
      stream,
      data: { thingId: data.thingId },
    }),
  },
};
const name = checkpointName(sweepUp.name);

describe('A reaction', function () {
  this.timeout(180_000);
  const database = anEffectDatabase();
  let store: EventStore;

  beforeEach(() => {
    store = inMemoryEventStore();
  });

  const jobs = async () => {
    const rows: unknown = await database()('graphile_worker.jobs').select('key', 'run_at');
    return rows as readonly { readonly key: string; readonly run_at: Date }[];
  };
  const prepared = (reaction: ThingReaction = sweepUp) =>
    reactionFollower(reaction).prepare(
      { eventStore: store, db: database(), log: silent },
      new AbortController().signal,
    );
  const arrived = async () => {
    const end = await store.end();
    await found(
      () => positionOf(database(), name),
      (position) => position >= end,
    );
  };

  it('makes one intent and one job of an event, and none of what it is not about', async () => {
    await prepared();
    const by = { ...meta, traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const events = recorded([made(), broken()], { stream: 'thing-1', by });
    await step(database(), reactionFollower(sweepUp), BEGINNING, { events, upTo: 1n });

    const [intent, ...more] = await intents(database());
    expect(more).to.deep.equal([]);
    expect(intent).to.deep.include({
      ...{ kind: 'sweep', stream: 'thing-1', data: { thingId: '1' }, status: 'WAITING' },
      ...{ event_id: events[1]?.id, correlation_id: 'a-correlation', attempts: 0 },
      traceparent: by.traceparent,
    });
    expect((await jobs()).map(({ key }) => key)).to.deep.equal([intent?.id]);
  });

  it('makes no second one, though it goes over the log again and the job is long done', async () => {
    await prepared();
    const page = { events: recorded([broken(), broken()]), upTo: 1n };
    const attempt = () => step(database(), reactionFollower(sweepUp), BEGINNING, page);
    await attempt();
    await database().raw('delete from graphile_worker._private_jobs');
    expect(await failure(attempt())).to.be.instanceOf(Overtaken);

    await database()(projectionTable).where({ name }).update({ position: '-1' });
    await attempt();
    expect(await intents(database())).to.have.length(2);
    expect(await jobs()).to.deep.equal([]);
  });

  it('makes neither intent nor job of a page that failed', async () => {
    await prepared();
    const failing: ThingReaction = {
      ...sweepUp,
      on: {
        ...sweepUp.on,
        ThingGiven: () => {
          throw new Error('No');
        },
      },
    };
    const page = {
      events: recorded([
        broken(),
        { type: 'ThingGiven', data: { thingId: '1', subjectId: 's', name: null } } as const,
      ]),
      upTo: 1n,
    };
    const failed = await failure(step(database(), reactionFollower(failing), BEGINNING, page));
    expect(failed).to.have.property('name', 'Stuck');
    expect([await intents(database()), await jobs()]).to.deep.equal([[], []]);
    expect(await positionOf(database(), name)).to.equal(await store.end());
  });

  it('that is new begins where the log ends, and then misses nothing', async () => {
    await things(store, 0, 3);
    const stop = following({ eventStore: store, db: database() }, reactionFollower(sweepUp));
    await arrived();
    await things(store, 3, 5);
    await whenThey(database(), 'WAITING', 2);
    await stop();
    await things(store, 5, 6);
    const stopNext = following({ eventStore: store, db: database() }, reactionFollower(sweepUp));
    const rows = await whenThey(database(), 'WAITING', 3);
    await stopNext();
    expect(rows.map(({ stream }) => stream)).to.have.members(['thing-3', 'thing-4', 'thing-5']);
  });

  it('begins together with the others, or not at all', async () => {
    await things(store, 0, 2);
    const others = ['a', 'b'].map((other) => reactionFollower({ ...sweepUp, name: other }));
    const refused = {
      ...reactionFollower(sweepUp),
      prepare: () => Promise.reject(new Error('No')),
    };
    const work = { eventStore: store, db: database(), log: silent };
    expect(await failure(beginTogether(work, [...others, refused]))).to.match(/No/);
    expect(await database()(projectionTable)).to.deep.equal([]);
    await beginTogether(work, others);
    const begun = await database()<ProjectionRow>(projectionTable).orderBy('name');
    const end = String(await store.end());
    expect(begun.map((row) => [row.name, row.position])).to.deep.equal([
      [checkpointName('a'), end],
      [checkpointName('b'), end],
    ]);
  });

  it('reacts once, though two of us follow', async () => {
    const eager = { ...sweepUp, begin: 'beginning' } as const;
    const ours = { eventStore: store, db: database() };
    const stops = [
      following(ours, reactionFollower(eager)),
      following(ours, reactionFollower(eager)),
    ];
    await things(store, 0, 60);
    await arrived();
    await Promise.all(stops.map((stop) => stop()));
    expect(await intents(database())).to.have.length(60);
    expect(await jobs()).to.have.length(60);
  });

  it('has something done when its time has come, if it says when', async () => {
    await prepared();
    const patient: ThingReaction = {
      ...sweepUp,
      on: {
        ...sweepUp.on,
        ThingMade: ({ stream }) => ({ kind: 'sweep', stream, data: {}, runAt: later }),
      },
    };
    await happens(store, made(), 0);
    const page = { events: recorded([made()]), upTo: 1n };
    await step(database(), reactionFollower(patient), BEGINNING, page);
    expect((await jobs()).map(({ run_at }) => run_at.toISOString())).to.deep.equal([later]);
    expect((await intents(database()))[0]?.next_attempt_at?.toISOString()).to.equal(later);
  });
});
