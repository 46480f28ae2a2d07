import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import knex from 'knex';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { addJobs } from './jobs.ts';
import {
  anEffectDatabase,
  carryingOut,
  intended,
  intents,
  whenThey,
} from '../test/support/effects.ts';
import { found } from '../test/support/found.ts';

/** Each process looks for dead ones every 50 ms: here it must find none. */
const SEVERAL_SWEEPS_MS = 300;

const never = () => new Promise<void>(() => undefined);

describe('An effect in trouble', function () {
  this.timeout(180_000);
  const database = anEffectDatabase();
  let store: EventStore;

  beforeEach(() => {
    store = inMemoryEventStore();
  });

  const locked = async () => {
    const names: unknown = await database()('graphile_worker.jobs').pluck('locked_by');
    return (names as (string | null)[]).filter((name) => name !== null);
  };

  it('is carried out by another process when its own is killed', async () => {
    await intended(database(), store);
    const script = new URL('../test/support/a-worker-process.ts', import.meta.url).pathname;
    const victim = spawn(process.execPath, ['--import', 'tsx', script, database.url()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(victim.stdout, 'data');
      expect(await locked()).to.have.length(1);
    } finally {
      victim.kill('SIGKILL');
      await once(victim, 'exit');
    }
    const attempts: number[] = [];
    const killed = performance.now();
    const stop = carryingOut(database.url(), store, {
      kind: 'polish',
      carryOut: (_intent, { attempt }) => Promise.resolve(void attempts.push(attempt)),
    });
    await whenThey(database(), 'DONE');
    await stop();
    expect(performance.now() - killed).to.be.lessThan(10_000);
    expect(attempts).to.deep.equal([2]);
    expect(await database()('effect_worker')).to.deep.equal([]);
  });

  it('is left to the process that is at it, though that takes long', async () => {
    await intended(database(), store);
    let begun = 0;
    const slow = { kind: 'polish', carryOut: () => ((begun += 1), never()) };
    const stops = [
      carryingOut(database.url(), store, slow),
      carryingOut(database.url(), store, slow),
    ];
    await found(
      () => database()('effect_worker').countDistinct<{ n: string }[]>('process as n'),
      ([row]) => row?.n === '2',
    );
    await pause(SEVERAL_SWEEPS_MS);
    await Promise.all(stops.map((stop) => stop()));
    expect(begun).to.equal(1);
  });

  it('goes on when its connections to the database were cut', async () => {
    await intended(database(), store, 5);
    const admin = knex({ client: 'pg', connection: database.url(), pool: { min: 1, max: 1 } });
    let cuts = 0;
    const stop = carryingOut(database.url(), store, {
      kind: 'polish',
      carryOut: async () => {
        if (++cuts > 2) return;
        await admin.raw(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()`,
        );
      },
    });
    await found(
      () => intents(admin),
      (rows) => rows.every(({ status }) => status === 'DONE'),
    );
    await stop();
    await admin.destroy();
    expect(cuts).to.be.greaterThan(4);
  });

  it('stops no other kind when it hangs', async () => {
    await intended(database(), store, 20);
    await database()('intent').where('stream', 'thing-19').update({ kind: 'paint' });
    const painted = database()('intent')
      .where('kind', 'paint')
      .select('id', 'kind', 'next_attempt_at');
    await addJobs(database(), await painted);
    let hanging = 0;
    const stop = carryingOut(
      database.url(),
      store,
      { kind: 'polish', atOnce: 2, carryOut: () => ((hanging += 1), never()) },
      { kind: 'paint', carryOut: () => Promise.resolve() },
    );
    await whenThey(database(), 'DONE');
    await stop();
    expect(hanging).to.equal(2);
  });

  it('waits until its time has come', async () => {
    await intended(database(), store, 2);
    const due = new Date(Date.parse('2100-01-01T00:00:00Z'));
    await database()('intent').where('stream', 'thing-0').update({ next_attempt_at: due });
    await addJobs(database(), await database()('intent').select('id', 'kind', 'next_attempt_at'));
    const stop = carryingOut(database.url(), store, {
      kind: 'polish',
      carryOut: () => Promise.resolve(),
    });
    const rows = await whenThey(database(), 'DONE');
    await stop();
    expect(rows.find(({ status }) => status === 'DONE')?.stream).to.equal('thing-1');
  });
});
