import type { CredentialChange } from '#shared/account/ports.ts';
import type { AccountId, CompanyId } from '#shared/ids.ts';
import { meta } from '#shared/testing/recorded.ts';
import { credentialsSchema } from '../../adapters/postgres/credentials-schema.ts';
import { credentialsIn } from '../../adapters/postgres/credentials.ts';
import { sessionsSchema } from '../../adapters/postgres/sessions-schema.ts';
import { aDatabase } from './a-database.ts';

export const ana = '5d0b2a52-3c5e-5a0e-9d0a-0000000000a1' as AccountId;
export const bia = '5d0b2a52-3c5e-5a0e-9d0a-0000000000a2' as AccountId;
export const command = (nth: number) => ({
  ...meta,
  commandId: `5d0b2a52-3c5e-5a0e-9d0a-00000000000${nth}`,
});

export const opening = (accountId = ana, logins = ['ana'], nth = 1): CredentialChange => ({
  accountId,
  stream: `account-${accountId}`,
  meta: command(nth),
  opens: { role: 'partner', companyId: '7' as CompanyId, logins },
  passwordHash: 'first',
});
export const change = (nth: number, changes: Partial<CredentialChange>): CredentialChange => ({
  accountId: ana,
  stream: `account-${ana}`,
  meta: command(nth),
  ...changes,
});

/** A database with the tables of credentials and sessions, nothing in them after each spec. */
export const someCredentials = () => {
  const db = aDatabase(async (empty) => {
    await credentialsSchema.up(empty);
    await sessionsSchema.up(empty);
  });
  afterEach(() =>
    db().raw('truncate vault.credentials, vault.login, vault.credential_change, vault.session'),
  );

  const credentials = () => credentialsIn(db());
  return {
    db,
    credentials,
    /** On record, and settled. */
    opened: async (accountId = ana, logins = ['ana']) => {
      await credentials().intend(opening(accountId, logins));
      await credentials().settle(opening(accountId, logins), 0n);
    },
  };
};
