import knex from 'knex';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { connectionPool } from '../../adapters/postgres/database.ts';
import { claimsOn } from '../../projections/claims.ts';
import { EFFECT_POOL } from '../../projections/effect-pool.ts';
import { runEffects } from '../../projections/effect-runner.ts';
import type { Effect } from '../../projections/effect.ts';
import type { Scheduled } from '../../projections/scheduled.ts';
import { silent } from './silent.ts';

export const quick = { retryBaseMs: 20, retryMaxMs: 100, maxAttempts: 3 };

/** Carries intents out, with connections of its own, until it is told to stop; under pressure. */
export const carryOut = (
  url: string,
  eventStore: EventStore,
  effects: readonly Effect[],
  scheduled: readonly Scheduled[] = [],
): (() => Promise<void>) => {
  const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 10 } });
  const pool = connectionPool(url, EFFECT_POOL, () => undefined);
  const claims = claimsOn(pool, silent);
  const stopping = new AbortController();
  const work = {
    ...{ db, eventStore, log: silent, clock: systemClock, retry: quick },
    ...{ pool, claims, effects, scheduled, pollMs: 20, sweepMs: 50, stopMs: 100 },
    pressure: { isHigh: () => true },
  };
  const ended = runEffects(work, stopping.signal);
  return async () => {
    stopping.abort();
    await ended;
    await claims.close();
    await pool.end();
    await db.destroy();
  };
};
