import { expect } from 'chai';
import type { Credential } from '#shared/account/ports.ts';
import type { AccountId, CompanyId } from '#shared/ids.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { meta } from '#shared/testing/recorded.ts';
import { aDatabase } from '../../test/support/a-database.ts';
import { credentialsSchema } from './credentials-schema.ts';
import { credentialsIn } from './credentials.ts';
import { sessionsSchema } from './sessions-schema.ts';
import { sessionsIn } from './sessions.ts';

const account = '5d0b2a52-3c5e-5a0e-9d0a-0000000000a1' as AccountId;
const one = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d1';
const other = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d2';
const third = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d3';

const noon = '2026-01-15T12:00:00.000Z' as Instant;
const daysLater = (days: number) =>
  new Date(Date.parse(noon) + days * 86_400_000).toISOString() as Instant;

describe('Sessions', () => {
  const db = aDatabase(async (empty) => {
    await credentialsSchema.up(empty);
    await sessionsSchema.up(empty);
  });
  const sessions = () => sessionsIn(db());
  const change = {
    accountId: account,
    stream: `account-${account}`,
    meta: { ...meta, commandId: one },
  };
  const opening = {
    ...change,
    opens: { role: 'partner', companyId: '7' as CompanyId, logins: ['ana'] },
    passwordHash: 'first',
  };
  let checked: Credential;

  beforeEach(async () => {
    await credentialsIn(db()).settle(opening, 0n);
    const found = await credentialsIn(db()).find('ana');
    if (!found) throw new Error('The account was not opened');
    checked = found;
  });
  afterEach(() => db().raw('truncate vault.credentials, vault.login, vault.session'));

  const open = (id = one, at = noon, device = 'a telephone') =>
    sessions().open({ id, tokenHash: 'token 1', device, at }, checked);
  const rotate = (from: number, to: number, at = noon, id = one) =>
    sessions().rotate({
      ...{ id, presentedHash: `token ${from}`, nextHash: `token ${to}` },
      meta: { ...meta, at },
    });
  const activeIds = async (at = noon) =>
    (await sessions().active(account, at, { limit: 10 })).map(({ id }) => id);
  const revoked = async () =>
    (await sessions().unrecorded(10)).map(({ id, reason }) => ({ id, reason }));
  const holder = { accountId: account, role: 'partner', companyId: '7' };

  it('go on from one token to the next', async () => {
    await open();
    expect(await rotate(1, 2)).to.deep.equal(holder);
    expect(await rotate(2, 3)).to.deep.equal(holder);
  });

  it('end when a token that was good before is used again, and the good one with it', async () => {
    await open();
    await rotate(1, 2);
    expect(await rotate(1, 3)).to.equal('reused');
    expect(await rotate(2, 3)).to.equal('ended');
    expect(await revoked()).to.deep.equal([{ id: one, reason: 'token-reused' }]);
  });

  it('let one of two through that use a token at the same moment, and then end', async () => {
    await open();
    const outcomes = await Promise.all([rotate(1, 2), rotate(1, 3)]);
    expect(outcomes.filter((outcome) => typeof outcome === 'object')).to.have.length(1);
    expect(outcomes).to.include('reused');
    expect(await activeIds()).to.deep.equal([]);
  });

  it('do not touch each other', async () => {
    await open(one);
    await open(other);
    await rotate(1, 2, noon, one);
    await rotate(1, 3, noon, one);
    expect(await rotate(1, 2, noon, other)).to.deep.equal(holder);
  });

  it('end when they are not used for a fortnight', async () => {
    await open();
    expect(await rotate(1, 2, daysLater(13))).to.deep.equal(holder);
    expect(await rotate(2, 3, daysLater(26))).to.deep.equal(holder);
    expect(await rotate(3, 4, daysLater(41))).to.equal('ended');
  });

  it('end after ninety days, however often they are used', async () => {
    await open();
    for (let nth = 1; nth <= 8; nth++)
      expect(await rotate(nth, nth + 1, daysLater(nth * 11))).to.deep.equal(holder);
    expect(await rotate(9, 10, daysLater(91))).to.equal('ended');
    expect(await rotate(8, 10, daysLater(91))).to.equal('ended');
  });

  it('of nobody do not begin', async () => {
    await open();
    expect(await rotate(1, 2, noon, other)).to.equal('ended');
  });

  it('end when they are signed out of', async () => {
    await open();
    await sessions().revoke(one, 'signed-out', meta);
    expect(await rotate(1, 2)).to.equal('ended');
    expect(await revoked()).to.deep.equal([{ id: one, reason: 'signed-out' }]);
  });

  it('are revoked once, for the reason that came first', async () => {
    await open();
    await sessions().revoke(one, 'signed-out', meta);
    await sessions().revoke(one, 'token-reused', meta);
    expect(await revoked()).to.deep.equal([{ id: one, reason: 'signed-out' }]);
  });

  it('of an account that is disabled do not go on, and nobody is taken for a thief', async () => {
    await open();
    await db()('vault.credentials').update({ disabled_at: noon });
    expect(await rotate(1, 2)).to.equal('ended');
    expect(await revoked()).to.deep.equal([]);
  });

  it('are not opened for an account that was disabled while its password was checked', async () => {
    await credentialsIn(db()).settle({ ...change, disabled: true }, 1n);
    expect(await open()).to.equal(false);
    expect(await activeIds()).to.deep.equal([]);
  });

  it('are not opened with a password that was changed while it was checked', async () => {
    await credentialsIn(db()).settle({ ...change, passwordHash: 'second' }, 1n);
    expect(await open()).to.equal(false);
  });

  it('are listed newest first, page by page, as long as they are good', async () => {
    await open(one, noon);
    await open(other, noon);
    await open(third, daysLater(1), 'a laptop');
    const page = await sessions().active(account, noon, { limit: 2 });
    expect(page.map(({ id }) => id)).to.deep.equal([third, other]);
    expect(page[0]).to.deep.equal({
      id: third,
      device: 'a laptop',
      createdAt: daysLater(1),
      lastUsedAt: daysLater(1),
      expiresAt: daysLater(15),
    });
    const before = { createdAt: noon, id: other };
    const rest = await sessions().active(account, noon, { limit: 2, before });
    expect(rest.map(({ id }) => id)).to.deep.equal([one]);
    expect(await activeIds(daysLater(14.5))).to.deep.equal([third]);
    await sessions().revoke(third, 'signed-out', meta);
    expect(await activeIds()).to.deep.equal([other, one]);
    expect(await sessions().active(other, noon, { limit: 2 })).to.deep.equal([]);
  });

  it('are forgotten when their tokens never left', async () => {
    await open();
    await sessions().discard(one);
    expect(await activeIds()).to.deep.equal([]);
    expect(await revoked()).to.deep.equal([]);
  });

  it('that were revoked are remembered, and by what, until that is on record', async () => {
    await open(one);
    await open(other);
    await sessions().revoke(one, 'signed-out', meta);
    await sessions().revoke(other, 'signed-out', meta);
    expect(await sessions().unrecorded(1)).to.have.length(1);
    expect(await sessions().unrecorded(10, { id: other })).to.deep.equal([
      { id: other, accountId: account, reason: 'signed-out', meta },
    ]);
    expect(await sessions().unrecorded(10, { accountId: one })).to.deep.equal([]);
    expect(await sessions().unrecorded(10, { accountId: account })).to.have.length(2);
    await sessions().recorded([other]);
    expect(await revoked()).to.deep.equal([{ id: one, reason: 'signed-out' }]);
  });

  it('are removed long after they ended, but never before that is on record', async () => {
    await open(one);
    await open(other);
    await sessions().revoke(one, 'signed-out', meta);
    await sessions().purge(daysLater(13), 10);
    expect(await activeIds()).to.deep.equal([other]);
    await sessions().purge(daysLater(15), 10);
    expect(await activeIds()).to.deep.equal([]);
    expect(await revoked()).to.have.length(1);
    await sessions().recorded([one]);
    await sessions().purge(daysLater(15), 10);
    expect(await db()('vault.session').pluck('id')).to.deep.equal([]);
  });
});
