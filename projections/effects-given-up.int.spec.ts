import { expect } from 'chai';
import { effect as effectDecider } from '#shared/effect/decider.ts';
import { effectEvents } from '#shared/effect/events.ts';
import { Permanent } from '#shared/effect/permanent.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta, noon } from '#shared/testing/recorded.ts';
import {
  anEffectDatabase,
  carryingOut,
  intended,
  intents,
  whenThey,
} from '../test/support/effects.ts';
import { following } from '../test/support/following.ts';
import { found } from '../test/support/found.ts';
import { retries } from './retries.ts';

describe('An effect that was given up', function () {
  this.timeout(180_000);
  const database = anEffectDatabase();
  let store: EventStore;

  beforeEach(() => {
    store = inMemoryEventStore();
  });

  const retry = (id: string, commandId: string) =>
    commandHandler(
      store,
      'effect',
      effectEvents,
      effectDecider,
    )(
      id,
      { type: 'RetryEffect', data: { effectId: id, by: 'someone', at: noon } },
      { meta: { ...meta, commandId }, keyed: false },
    );

  it('has all its attempts again when an operator asks for it, each time once', async () => {
    await intended(database(), store);
    const attempts: number[] = [];
    let mended = false;
    const stopRetries = following({ eventStore: store, db: database() }, retries);
    const stop = carryingOut(database.url(), store, {
      kind: 'polish',
      carryOut: (_intent, { attempt }) => {
        attempts.push(attempt);
        return mended ? Promise.resolve() : Promise.reject(new Permanent('No such thing'));
      },
    });
    const [row] = await whenThey(database(), 'PARKED');
    const id = row?.id ?? '';
    await retry(id, 'first');
    await found(
      () => store.read(`effect-${id}`, effectEvents),
      ({ events }) => events.length === 3,
    );
    await whenThey(database(), 'PARKED');
    mended = true;
    const outcome = await retry(id, 'second');
    const [done] = await whenThey(database(), 'DONE');
    await stop();
    await stopRetries();
    await database()('projection').update({ position: '-1' });
    const stopOver = following({ eventStore: store, db: database() }, retries);
    const end = await store.end();
    await found(
      () => positionOf(database(), retries.name),
      (position) => position >= end,
    );
    await stopOver();
    expect(await intents(database())).to.deep.equal([done]);

    expect(outcome.outcome).to.equal('accepted');
    expect(attempts).to.deep.equal([1, 1, 1]);
    expect(done).to.include({ round: 2, attempts: 1, last_error: null });
    const { events } = await store.read(`effect-${id}`, effectEvents);
    expect(events.map(({ type }) => type)).to.deep.equal([
      'EffectParked',
      'EffectRetryRequested',
      'EffectParked',
      'EffectRetryRequested',
    ]);
    expect(await retry(id, 'third')).to.deep.include({ reason: 'effect-not-parked' });
  });
});
