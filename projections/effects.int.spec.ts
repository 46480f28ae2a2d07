import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { effectEvents } from '#shared/effect/events.ts';
import type { IntentRow } from '#shared/effect/intent.ts';
import { Permanent } from '#shared/effect/permanent.ts';
import { StoreAway, type EventStore } from '#shared/kernel/event-store.ts';
import { thingEvents } from '#shared/testing/a-thing.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import {
  anEffectDatabase,
  carryingOut,
  intended,
  intents,
  whenThey,
} from '../test/support/effects.ts';
import { found } from '../test/support/found.ts';
import type { Attempt, Effect, GivenUp, Pending } from './effect.ts';

describe('An effect', function () {
  this.timeout(180_000);
  const database = anEffectDatabase();
  let store: EventStore;

  const become = (status: IntentRow['status'], count = 1) => whenThey(database(), status, count);
  const started = (effect: Partial<Effect> & Pick<Effect, 'carryOut'>, eventStore = store) =>
    carryingOut(database.url(), eventStore, { kind: 'polish', ...effect });
  const jobs = async () => {
    const left: unknown = await database()('graphile_worker.jobs').count('* as n').first();
    return Number((left as { n: string }).n);
  };
  const onRecord = async (id: string | undefined) => {
    const { events } = await store.read(`effect-${id}`, effectEvents);
    return events;
  };

  beforeEach(() => {
    store = inMemoryEventStore();
  });

  it('is carried out once for each event, under an identity of its own', async () => {
    await intended(database(), store, 20);
    const seen: (readonly [Pending, Attempt])[] = [];
    const stop = started({
      carryOut: (intent, attempt) => Promise.resolve(void seen.push([intent, attempt])),
    });
    const rows = await become('DONE', 20);
    await stop();

    const ids = rows.map(({ id }) => id);
    expect(seen.map(([{ id }]) => id)).to.have.members(ids);
    expect(seen.map(([, { idempotencyKey }]) => idempotencyKey)).to.have.members(ids);
    const [pending] = seen.find(([{ data }]) => data['thingId'] === '7') ?? [];
    expect(pending).to.deep.include({
      kind: 'polish',
      stream: 'thing-7',
      data: { thingId: '7' },
      correlationId: 'a-correlation',
    });
    expect(pending?.eventId).to.equal((await store.read('thing-7', thingEvents)).events[0]?.id);
    expect(rows[0]).to.include({ attempts: 1, last_error: null, next_attempt_at: null });
    expect(await jobs()).to.equal(0);
  });

  it('is tried again when it fails, and says meanwhile what it failed of', async () => {
    await intended(database(), store);
    const attempts: number[] = [];
    let release = () => undefined as unknown;
    const stop = started({
      carryOut: async (_intent, { attempt }) => {
        attempts.push(attempt);
        if (attempt === 2) await new Promise<void>((resolve) => (release = resolve));
        if (attempt < 3) throw new Error(`No answer for ana@example.com`);
      },
    });
    const [row] = await found(
      () => intents(database()),
      (rows) => rows[0]?.attempts === 2,
    );
    expect(row).to.include({ status: 'WAITING', last_error: 'No answer for [email]' });
    await found(
      () => Promise.resolve(attempts.length),
      (count) => count === 2,
    );
    release();
    await become('DONE');
    await stop();
    expect(attempts).to.deep.equal([1, 2, 3]);
    expect(await jobs()).to.equal(0);
  });

  it('is given up after its last attempt, on record before it shows', async () => {
    await intended(database(), store);
    const parked: GivenUp[] = [];
    const stop = started({
      carryOut: () => Promise.reject(new Error('No answer')),
      onParked: (_intent, givenUp) => Promise.resolve(void parked.push(givenUp)),
    });
    const [row] = await become('PARKED');
    await stop();

    expect(parked).to.have.length(1);
    expect(parked[0]).to.include({ attempts: 3, error: 'No answer', round: 0 });
    const [event, ...more] = await onRecord(row?.id);
    expect(more).to.deep.equal([]);
    expect(event?.type).to.equal('EffectParked');
    expect(event?.data).to.include({ kind: 'polish', about: 'thing-0', attempts: 3, round: 0 });
    expect(event?.meta).to.include({ correlationId: 'a-correlation', causationId: row?.event_id });
    expect(await jobs()).to.equal(0);
  });

  it('is given up at once when no attempt would mend it', async () => {
    await intended(database(), store);
    const stop = started({ carryOut: () => Promise.reject(new Permanent('No such thing')) });
    const [row] = await become('PARKED');
    await stop();
    expect(row).to.include({ attempts: 1, last_error: 'No such thing' });
  });

  it('is put on record as given up in the end, and not tried meanwhile', async () => {
    await intended(database(), store);
    let away = 3;
    let tried = 0;
    const failing: EventStore = {
      ...store,
      append: (...asked) =>
        --away >= 0 ? Promise.reject(new StoreAway('No answer')) : store.append(...asked),
    };
    const stop = started(
      {
        carryOut: () => {
          tried += 1;
          return Promise.reject(new Permanent('No such thing'));
        },
      },
      failing,
    );
    const [row] = await become('PARKED');
    await stop();
    expect(tried).to.equal(1);
    expect(await onRecord(row?.id)).to.have.length(1);
  });

  it('is not counted as tried when the process is told to stop in between', async () => {
    await intended(database(), store);
    let begun = false;
    const stop = started({
      carryOut: async (_intent, { signal }) => {
        begun = true;
        await pause(60_000, undefined, { signal });
      },
    });
    await found(
      () => Promise.resolve(begun),
      (is) => is,
    );
    await stop();
    const [row] = await intents(database());
    expect(row).to.include({ status: 'WAITING', attempts: 0, last_error: null });
    const stopNext = started({ carryOut: () => Promise.resolve() });
    await become('DONE');
    await stopNext();
  });

  it('is not tried for ever when the process dies of it', async () => {
    await intended(database(), store);
    await database()('intent').update({ attempts: 3 });
    let tried = 0;
    const stop = started({ carryOut: () => Promise.resolve(void (tried += 1)) });
    const [row] = await become('PARKED');
    await stop();
    expect(tried).to.equal(0);
    expect(row?.last_error).to.equal('The process died during every attempt');
  });
});
