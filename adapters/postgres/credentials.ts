import type { Knex } from 'knex';
import type { Credential, CredentialChange, Credentials } from '#shared/account/ports.ts';
import type { AccountId, CompanyId } from '#shared/ids.ts';
import type { Meta } from '#shared/kernel/message.ts';
import { alone, closeCredentials, isClosed } from './close-credentials.ts';
import { revokeSessionsOf } from './sessions.ts';

const CREDENTIALS = 'vault.credentials';
const LOGIN = 'vault.login';
const CHANGE = 'vault.credential_change';

type CredentialRow = {
  readonly account_id: AccountId;
  readonly role: string;
  readonly company_id: CompanyId | null;
  readonly password_hash: string;
  readonly disabled_at: Date | null;
};

const credentialOf = (row: CredentialRow): Credential => ({
  accountId: row.account_id,
  role: row.role,
  ...(row.company_id !== null && { companyId: row.company_id }),
  passwordHash: row.password_hash,
  disabled: row.disabled_at !== null,
});

const named = ({ commandId, fingerprint }: Meta) => ({ command_id: commandId, fingerprint });

/** How many of the logins are the account's own, now that those that were free are. */
const claimLogins = async (
  tx: Knex,
  accountId: AccountId,
  logins: readonly string[],
): Promise<number> => {
  const { rows } = await tx.raw<{ readonly rows: readonly unknown[] }>(
    `insert into vault.login (login, account_id) select unnest(?::text[]), ? order by 1
       on conflict (login) do update set account_id = login.account_id
       where login.account_id = excluded.account_id
     returning login`,
    [logins as string[], accountId],
  );
  return rows.length;
};

class LoginTaken extends Error {
  override readonly name = 'LoginTaken';
}

const isThere = async (tx: Knex, accountId: AccountId): Promise<boolean> =>
  (await tx(CREDENTIALS).where({ account_id: accountId }).pluck('role')).length > 0;

/**
 * An account that is there claims nothing more: whoever asks for it a second time is refused by
 * the log, and must not keep others from a login in the meantime.
 */
const intend = async (tx: Knex, change: CredentialChange): Promise<void> => {
  const { accountId, opens, meta } = change;
  if (opens) {
    await alone(tx, accountId);
    const logins = (await isThere(tx, accountId)) ? [] : opens.logins;
    if ((await claimLogins(tx, accountId, logins)) < logins.length) throw new LoginTaken(accountId);
  }
  await tx(CHANGE)
    .insert({ ...named(meta), account_id: accountId, change })
    .onConflict(['command_id', 'fingerprint'])
    .ignore();
};

const open = async (
  tx: Knex,
  { accountId, opens, passwordHash }: CredentialChange,
  revision: string,
): Promise<void> => {
  if (!opens || passwordHash === undefined) return;
  await alone(tx, accountId);
  if (await isClosed(tx, accountId)) return;
  await claimLogins(tx, accountId, opens.logins);
  const row = {
    account_id: accountId,
    role: opens.role,
    company_id: opens.companyId ?? null,
    password_hash: passwordHash,
    password_revision: revision,
    disabled_revision: revision,
  };
  const opened: unknown[] = await tx(CREDENTIALS)
    .insert(row)
    .onConflict('account_id')
    .ignore()
    .returning('account_id');
  // What others claimed for it who wanted to open it too, and were slower.
  if (opened.length > 0)
    await tx(LOGIN).where({ account_id: accountId }).whereNotIn('login', opens.logins).delete();
};

/** Whether it was news: what a later event of the account has overtaken is not. */
const updated = async (
  tx: Knex,
  accountId: AccountId,
  column: 'password_revision' | 'disabled_revision',
  revision: string,
  values: object,
): Promise<boolean> =>
  (await tx(CREDENTIALS)
    .where({ account_id: accountId })
    .where(column, '<', revision)
    .update({ ...values, [column]: revision })) > 0;

const alter = async (
  tx: Knex,
  { accountId, passwordHash, disabled, meta }: CredentialChange,
  revision: string,
): Promise<void> => {
  const update = (column: Parameters<typeof updated>[2], values: object) =>
    updated(tx, accountId, column, revision, values);

  if (
    passwordHash !== undefined &&
    (await update('password_revision', { password_hash: passwordHash }))
  )
    await revokeSessionsOf(tx, accountId, 'password-changed', meta);
  if (disabled === undefined) return;
  const disabledAt = disabled ? tx.raw('coalesce(disabled_at, now())') : null;
  if ((await update('disabled_revision', { disabled_at: disabledAt })) && disabled)
    await revokeSessionsOf(tx, accountId, 'account-disabled', meta);
};

/** A change to what is not there yet, its opening having crashed, waits for that to be settled. */
const settle = async (tx: Knex, change: CredentialChange, revision: string): Promise<void> => {
  const { accountId, meta } = change;
  await open(tx, change, revision);
  if (!(await isThere(tx, accountId))) return;
  await alter(tx, change, revision);
  await tx(CHANGE).where(named(meta)).delete();
};

/** Logins that were claimed for an account that never came to be are free again. */
const forget = async (tx: Knex, { accountId, meta, opens }: CredentialChange): Promise<void> => {
  if (opens) await alone(tx, accountId);
  await tx(CHANGE).where(named(meta)).delete();
  if (!opens || (await isThere(tx, accountId))) return;
  const wanted = tx(`${CHANGE} as other`)
    .select(tx.raw('1'))
    .where('other.account_id', accountId)
    .whereRaw("other.change -> 'opens' -> 'logins' @> to_jsonb(login.login)");
  await tx(`${LOGIN} as login`).where('account_id', accountId).whereNotExists(wanted).delete();
};

export const credentialsIn = (db: Knex): Credentials => ({
  intend: async (change) => {
    try {
      await db.transaction((tx) => intend(tx, change));
      return 'intended';
    } catch (error) {
      if (error instanceof LoginTaken) return 'login-taken';
      throw error;
    }
  },
  settle: (change, revision) => db.transaction((tx) => settle(tx, change, String(revision))),
  forget: (change) => db.transaction((tx) => forget(tx, change)),
  close: (accountId, meta) => db.transaction((tx) => closeCredentials(tx, accountId, meta)),
  unsettled: (olderThanMs, limit) =>
    db(CHANGE)
      .whereRaw("intended_at <= now() - ? * interval '1 millisecond'", [olderThanMs])
      .orderBy('intended_at')
      .limit(limit)
      .pluck<CredentialChange[]>('change'),
  find: async (login) => {
    const row = await db(`${CREDENTIALS} as credentials`)
      .join(`${LOGIN} as login`, 'login.account_id', 'credentials.account_id')
      .where('login.login', login)
      .first<CredentialRow | undefined>('credentials.*');
    return row && credentialOf(row);
  },
});
