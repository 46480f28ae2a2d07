import { expect } from 'chai';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { carryOut } from '../test/support/carrying-out.ts';
import { anEffectDatabase } from '../test/support/effects.ts';
import { found } from '../test/support/found.ts';
import type { Scheduled } from './scheduled.ts';

const DUE = '2026-01-15T13:00:00.000Z';

/** What the queue itself puts in when a time has come. */
const COME = `
  select graphile_worker.add_job('polish',
    json_build_object('_cron', json_build_object('ts', ?::text, 'backfilled', false)))`;

describe('What is done at certain times', function () {
  this.timeout(180_000);
  const database = anEffectDatabase();

  it('is known to the queue, and done for the time that it was due', async () => {
    const dues: string[] = [];
    const polish: Scheduled = {
      ...{ name: 'polish', cron: '0 0 1 1 *' },
      run: (due) => Promise.resolve(void dues.push(due)),
    };
    const stop = carryOut(database.url(), inMemoryEventStore(), [], [polish]);
    try {
      await found(
        () => database()('graphile_worker._private_known_crontabs').where({ identifier: 'polish' }),
        (known) => known.length === 1,
      );
      await database().raw(COME, [DUE]);
      await found(
        () => Promise.resolve(dues),
        (done) => done.length > 0,
      );
    } finally {
      await stop();
    }
    expect(dues).to.deep.equal([DUE]);
  });

  it('is tried again when it fails', async () => {
    let attempts = 0;
    const fails: Scheduled = {
      ...{ name: 'polish', cron: '0 0 1 1 *' },
      run: () => {
        attempts += 1;
        return attempts === 1 ? Promise.reject(new Error('No cloth')) : Promise.resolve();
      },
    };
    const stop = carryOut(database.url(), inMemoryEventStore(), [], [fails]);
    try {
      await found(
        () => database()('graphile_worker._private_known_crontabs').where({ identifier: 'polish' }),
        (known) => known.length === 1,
      );
      await database().raw(COME, [DUE]);
      await found(
        () => Promise.resolve(attempts),
        (count) => count > 1,
      );
    } finally {
      await stop();
    }
  });
});
