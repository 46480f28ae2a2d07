import { expect } from 'chai';
import knex from 'knex';
import type { AccountId } from '#shared/ids.ts';
import { meta } from '#shared/testing/recorded.ts';
import { aDatabase } from '../../test/support/a-database.ts';
import { credentialsSchema } from './credentials-schema.ts';
import { credentialsIn } from './credentials.ts';
import { disabledAccounts } from './disabled-accounts.ts';
import { sessionsSchema } from './sessions-schema.ts';

const ana = '5d0b2a52-3c5e-5a0e-9d0a-0000000000a1' as AccountId;
const bia = '5d0b2a52-3c5e-5a0e-9d0a-0000000000a2' as AccountId;

describe('Accounts that were disabled', () => {
  const db = aDatabase(async (empty) => {
    await credentialsSchema.up(empty);
    await sessionsSchema.up(empty);
  });
  const command = { ...meta, commandId: bia };
  const settle = (accountId: AccountId, revision: bigint, change: object) =>
    credentialsIn(db()).settle({ accountId, stream: '', meta: command, ...change }, revision);
  const disable = (accountId: AccountId, disabled = true, revision = 1n) =>
    settle(accountId, revision, { disabled });

  beforeEach(async () => {
    for (const accountId of [ana, bia])
      await settle(accountId, 0n, {
        opens: { role: 'analyst', logins: [accountId] },
        passwordHash: 'first',
      });
  });
  afterEach(() => db().raw('truncate vault.credentials, vault.login'));

  it('are known at the next look, and no others', async () => {
    const { isDisabled, look } = disabledAccounts(db());
    await look();
    await disable(ana);
    expect(isDisabled(ana)).to.equal(false);
    await look();
    expect(isDisabled(ana)).to.equal(true);
    expect(isDisabled(bia)).to.equal(false);
  });

  it('are let in again when they are enabled', async () => {
    const { isDisabled, look } = disabledAccounts(db());
    await disable(ana);
    await look();
    await disable(ana, false, 2n);
    await look();
    expect(isDisabled(ana)).to.equal(false);
  });

  it('are forgotten when every token of theirs has expired', async () => {
    const { isDisabled, look } = disabledAccounts(db());
    await disable(ana);
    await disable(bia);
    const ago = (minutes: number) => db().raw(`now() - interval '${minutes} minutes'`);
    await db()('vault.credentials')
      .where({ account_id: ana })
      .update({ disabled_at: ago(16) });
    await db()('vault.credentials')
      .where({ account_id: bia })
      .update({ disabled_at: ago(21) });
    await look();
    expect(isDisabled(ana)).to.equal(true);
    expect(isDisabled(bia)).to.equal(false);
  });

  it('stay known while the database is away', async () => {
    const leaving = knex({ client: 'pg', connection: db.url() });
    const { isDisabled, look } = disabledAccounts(leaving);
    await disable(ana);
    await look();
    await leaving.destroy();
    const failed = await look().then(
      () => false,
      () => true,
    );
    expect(failed).to.equal(true);
    expect(isDisabled(ana)).to.equal(true);
  });
});
