import type { Knex } from 'knex';
import type { AccountId } from '#shared/ids.ts';
import type { Meta } from '#shared/kernel/message.ts';
import { revokeSessionsOf } from './sessions.ts';

/** What no password is kept as; the row stays, or a request that comes again would open another. */
const NO_PASSWORD = '';
/** Later than any event there will ever be: nothing undoes it. */
const FOR_GOOD = '9223372036854775807';

/** Of those who want to open or to close the same account, one at a time. */
export const alone = (tx: Knex, accountId: AccountId) =>
  tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`credentials:${accountId}`]);

export const isClosed = async (tx: Knex, accountId: AccountId): Promise<boolean> => {
  const there = tx('vault.credentials').where({ account_id: accountId });
  return (await there.where({ password_hash: NO_PASSWORD }).pluck('role')).length > 0;
};

/** What counts failures under the names that the account is signed in to with. */
const forgetGuesses = (tx: Knex, accountId: AccountId) =>
  tx('vault.sign_in_attempt')
    .whereIn('key', tx('vault.login').select('login').where({ account_id: accountId }))
    .delete();

/**
 * Nobody signs in to the account again, and nothing of how they did is left: its logins, its
 * password, changes that were under way, and from which devices it was used. May be done again.
 */
export const closeCredentials = async (
  tx: Knex,
  accountId: AccountId,
  meta: Meta,
): Promise<void> => {
  await alone(tx, accountId);
  if (await isClosed(tx, accountId)) return;
  await forgetGuesses(tx, accountId);
  await tx('vault.login').where({ account_id: accountId }).delete();
  await tx('vault.credential_change').where({ account_id: accountId }).delete();
  await tx('vault.credentials')
    .where({ account_id: accountId })
    .update({
      ...{ password_hash: NO_PASSWORD, password_revision: FOR_GOOD, disabled_revision: FOR_GOOD },
      disabled_at: tx.fn.now(),
    });
  await revokeSessionsOf(tx, accountId, 'account-erased', meta);
  await tx('vault.session').where({ account_id: accountId }).update({ device: '' });
};
