import type { Knex } from 'knex';

/** How often to `look`, so that a disabled account is noticed within a second. */
export const LOOK_EVERY_MS = 500;
/** The most recent ones count. Should there be more, the tokens of the rest expire by themselves. */
export const MOST_REMEMBERED = 10_000;
/** Longer than any access token lives, and than clocks differ. */
const REMEMBERED_FOR = '20 minutes';

const recentlyDisabled = (db: Knex): Promise<string[]> =>
  db('vault.credentials')
    .whereRaw(`disabled_at > now() - interval '${REMEMBERED_FOR}'`)
    .orderBy('disabled_at', 'desc')
    .limit(MOST_REMEMBERED)
    .pluck<string[]>('account_id');

/**
 * Accounts whose access tokens are not good any more though they have not expired yet, as of the
 * last `look`. While the database is away, what was known last holds.
 */
export const disabledAccounts = (db: Knex) => {
  let known: ReadonlySet<string> = new Set();
  return {
    isDisabled: (accountId: string): boolean => known.has(accountId),
    look: async (): Promise<void> => {
      known = new Set(await recentlyDisabled(db));
    },
  };
};
