import type { Knex } from 'knex';
import type { CredentialChange } from '#shared/account/ports.ts';

/** Which of these accounts can sign in already. */
export const openedAmong = async (
  db: Knex,
  accountIds: readonly string[],
): Promise<ReadonlySet<string>> => {
  const { rows } = await db.raw<{ readonly rows: readonly { readonly account_id: string }[] }>(
    'select account_id from vault.credentials where account_id = any(?)',
    [accountIds as string[]],
  );
  return new Set(rows.map(({ account_id: id }) => id));
};

/**
 * Settles the opening of many accounts in one go, each the first event of its stream. What is
 * there already stays as it is.
 */
export const openInBulk = async (db: Knex, changes: readonly CredentialChange[]): Promise<void> => {
  const rows = changes.map(({ accountId, opens, passwordHash }) => ({
    account_id: accountId,
    role: opens?.role,
    company_id: opens?.companyId ?? null,
    password_hash: passwordHash,
    password_revision: '0',
    disabled_revision: '0',
  }));
  const logins = changes.flatMap(({ accountId, opens }) =>
    (opens?.logins ?? []).map((login) => ({ login, account_id: accountId })),
  );
  const insert = (tx: Knex, table: string, given: readonly object[]) =>
    tx.raw(
      `insert into ${table} select * from json_populate_recordset(null::${table}, ?::json)
         on conflict do nothing`,
      [JSON.stringify(given)],
    );
  await db.transaction(async (tx) => {
    await insert(tx, 'vault.credentials', rows);
    await insert(tx, 'vault.login', logins);
  });
};
