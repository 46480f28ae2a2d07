import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Log } from '#shared/platform/log.ts';

const POLL_MS = 500;
/** The most recent ones count. Should there be more, the tokens of the rest expire by themselves. */
export const MOST_REMEMBERED = 10_000;
/** Longer than any access token lives, and than clocks differ. */
const REMEMBERED_FOR = '20 minutes';

export type DisabledAccounts = {
  readonly isDisabled: (accountId: string) => boolean;
  readonly stop: () => Promise<void>;
};

const recentlyDisabled = (db: Knex): Promise<string[]> =>
  db('vault.credentials')
    .whereRaw(`disabled_at > now() - interval '${REMEMBERED_FOR}'`)
    .orderBy('disabled_at', 'desc')
    .limit(MOST_REMEMBERED)
    .pluck<string[]>('account_id');

/**
 * Accounts whose tokens are not good any more though they have not expired yet, at most about a
 * second behind. While the database is away, what was known last holds.
 */
export const watchDisabledAccounts = (db: Knex, log: Log): DisabledAccounts => {
  const stopping = new AbortController();
  let known: ReadonlySet<string> = new Set();
  let isAway = false;

  const look = async (): Promise<void> => {
    try {
      known = new Set(await recentlyDisabled(db));
      isAway = false;
    } catch (err) {
      if (!isAway) log.warn({ err }, 'cannot see which accounts were disabled');
      isAway = true;
    }
  };

  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await look();
      await pause(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();

  return {
    isDisabled: (accountId) => known.has(accountId),
    stop: () => {
      stopping.abort();
      return watching;
    },
  };
};
