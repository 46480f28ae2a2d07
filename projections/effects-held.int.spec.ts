import { expect } from 'chai';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import {
  anEffectDatabase,
  carryingOut,
  intended,
  intents,
  whenThey,
} from '../test/support/effects.ts';
import { found } from '../test/support/found.ts';
import { addJobs } from './jobs.ts';

describe('An effect with a job too many', function () {
  this.timeout(180_000);
  const database = anEffectDatabase();
  let store: EventStore;

  beforeEach(async () => {
    store = inMemoryEventStore();
    await intended(database(), store);
  });

  const another = async () => addJobs(database(), await intents(database()));
  const isTaken = () =>
    found(
      () => database()('graphile_worker.jobs').whereNotNull('key').whereNull('locked_at'),
      (waiting) => waiting.length === 0,
    );

  it('is carried out by one of them at a time', async () => {
    let begun = 0;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const effect = { kind: 'polish', carryOut: () => ((begun += 1), ended) };
    const stops = [1, 2].map(() => carryingOut(database.url(), store, effect));
    await found(
      () => Promise.resolve(begun),
      (count) => count > 0,
    );
    for (let nth = 0; nth < 3; nth++) {
      await another();
      await isTaken();
    }
    end();
    const [row] = await whenThey(database(), 'DONE');
    await Promise.all(stops.map((stop) => stop()));
    expect(begun).to.equal(1);
    expect(row).to.include({ attempts: 1, held_by: null });
  });

  it('is tried again when whoever held it is gone, and the jobs with it', async () => {
    await database()<IntentRow>(intentTable).update({ held_by: 'effects:gone', attempts: 1 });
    await database().raw('delete from graphile_worker._private_jobs');
    const attempts: number[] = [];
    const stop = carryingOut(database.url(), store, {
      kind: 'polish',
      carryOut: (_intent, { attempt }) => Promise.resolve(void attempts.push(attempt)),
    });
    await whenThey(database(), 'DONE');
    await stop();
    expect(attempts).to.deep.equal([2]);
  });
});
