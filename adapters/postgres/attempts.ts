import type { Knex } from 'knex';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Attempts } from '#shared/account/ports.ts';

export const MOST_FAILURES = 10;
export const WITHIN_SECONDS = 15 * 60;

export const attemptsSchema = {
  name: 'sign-in-attempts',
  up: async (db: Knex): Promise<void> => {
    // These three columns, in this order, are what the limiter writes.
    await db.raw(`
      create schema if not exists vault;
      create table vault.sign_in_attempt (
        key text primary key,
        points integer not null,
        expire bigint
      );
      create index sign_in_attempt_expire on vault.sign_in_attempt (expire)`);
  },
};

const ATTEMPT = 'vault.sign_in_attempt';

/** Counts failures and attempts under way: an attempt that is not given back was a failure. */
export const attemptsIn = (db: Knex): Attempts => {
  const limiter = new RateLimiterPostgres({
    storeClient: db,
    storeType: 'knex',
    schemaName: 'vault',
    tableName: 'sign_in_attempt',
    tableCreated: true,
    // Its timer would outlive the connection; `purge` does the same when it is told to.
    clearExpiredByTimeout: false,
    keyPrefix: '',
    points: MOST_FAILURES,
    duration: WITHIN_SECONDS,
  });

  const giveBack = async (login: string): Promise<void> => {
    await limiter.reward(login);
    // Whoever does not fail starts no window for those who do.
    await db(ATTEMPT).where({ key: login }).where('points', '<=', 0).delete();
  };

  return {
    take: async (login) => {
      try {
        const { remainingPoints, msBeforeNext } = await limiter.consume(login);
        return { outcome: 'taken', last: remainingPoints === 0, resetsInMs: msBeforeNext };
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        // It was not let through, so it is none of the failures.
        await giveBack(login);
        return { outcome: 'none left', resetsInMs: error.msBeforeNext };
      }
    },
    giveBack,
    purge: async () => {
      await db(ATTEMPT).whereRaw('expire < extract(epoch from now()) * 1000').delete();
    },
  };
};
