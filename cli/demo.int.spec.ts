import { expect } from 'chai';
import { accountEvents } from '#shared/account/events.ts';
import { companyEvents } from '#shared/company/events.ts';
import { customerEvents } from '#shared/customer/events.ts';
import { favouriteEvents } from '#shared/favourite/events.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { BadConfig } from '#shared/platform/config.ts';
import { together } from '#shared/kernel/message.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import { vaultIn } from '../adapters/postgres/vault.ts';
import { accountIdOf, loginHash } from '../command-api/account/accounts.ts';
import { passwords } from '../command-api/account/passwords.ts';
import { anInstallation } from '../test/support/an-installation.ts';
import { DEMO_PASSWORD } from './demo-people.ts';
import { makeDemoData } from './demo.ts';

/** Six thousand accounts, on a machine that has much else to do. */
const LONGEST_MS = 120_000;
const everything = together(together(companyEvents, accountEvents), resellerEvents);

describe('Demo data', function () {
  this.timeout(LONGEST_MS);
  const { db, environment, on } = anInstallation({
    LASTRO_HASH_KEY: Buffer.alloc(32, 2).toString('base64'),
  });
  let made: Awaited<ReturnType<typeof makeDemoData>>;

  before(async () => {
    made = await makeDemoData(environment);
  });

  const hash = keyedHash(Buffer.alloc(32, 2));
  const found = (username: string) => vaultIn(db()).credentials.find(loginHash(hash, username));
  const eventsThereAre = () =>
    on(async ({ eventStore }) => {
      let count = 0;
      for await (const { events } of eventStore.pages(everything, BEGINNING))
        count += events.length;
      return count;
    });

  it('are thirty companies and everybody who is needed to try it', async () => {
    expect(made).to.deep.equal({ companies: 30, stations: 6, customers: 3, accounts: 6_016 });
    expect(await eventsThereAre()).to.equal(6_046);
  });

  it('let everybody sign in with the one password', async () => {
    const { isRight } = passwords();
    for (const username of ['admin', 'analyst10', 'erp', 'operator', 'auditor', 'partner6000']) {
      const credential = await found(username);
      expect(await isRight(DEMO_PASSWORD, credential?.passwordHash), username).to.equal(true);
    }
    expect(await found('partner6001')).to.equal(undefined);
    expect(await found('analyst11')).to.equal(undefined);
  });

  it('give each company two hundred users', async () => {
    const companyOf = async (nth: number) => (await found(`partner${nth}`))?.companyId;
    expect(await companyOf(1)).to.equal('1');
    expect(await companyOf(200)).to.equal('1');
    expect(await companyOf(201)).to.equal('2');
    expect(await companyOf(6_000)).to.equal('30');
  });

  it('know the application and the reseller by their roles', async () => {
    expect(await found('app')).to.include({ role: 'customer-app' });
    expect(await found('reseller')).to.include({ role: 'reseller' });
    const id = resellerIdOf(hash, '11144477735' as Cpf);
    for (const name of ['reseller', '111.444.777-35', '11144477735', 'reseller@example.com'])
      expect((await found(name))?.accountId, name).to.equal(id);
  });

  it('are customers too, each with favourites that the sandbox sells', async () => {
    const kept = await on(async ({ eventStore }) => {
      const types: string[] = [];
      for await (const { events } of eventStore.pages(
        together(customerEvents, favouriteEvents),
        BEGINNING,
      ))
        types.push(...events.map(({ type }) => type));
      return types;
    });
    expect(kept.filter((type) => type === 'CustomerRegistered')).to.have.length(3);
    expect(kept.filter((type) => type === 'FavouriteRequested')).to.have.length(9);
  });

  it('are not made a second time', async () => {
    expect(await makeDemoData(environment)).to.deep.equal({
      companies: 0,
      stations: 0,
      customers: 0,
      accounts: 0,
    });
    expect(await eventsThereAre()).to.equal(6_046);
  });

  it('are gone on with where making them was interrupted, without another event', async () => {
    const lost = [
      ...['partner7', 'auditor'].map((username) => accountIdOf(hash, username)),
      resellerIdOf(hash, '11144477735' as Cpf),
    ];
    await db()('vault.credentials').whereIn('account_id', lost).delete();
    await db()('vault.login').whereIn('account_id', lost).delete();
    expect(await makeDemoData(environment)).to.deep.equal({
      companies: 0,
      stations: 0,
      customers: 0,
      accounts: 3,
    });
    expect(await found('reseller')).to.include({ role: 'reseller' });
    expect(await found('partner7')).to.include({ companyId: '1' });
    expect(await eventsThereAre()).to.equal(6_046);
  });

  it('leave a password alone that somebody has changed', async () => {
    await db()('vault.credentials')
      .where({ account_id: accountIdOf(hash, 'erp') })
      .update({ password_hash: 'changed' });
    await makeDemoData(environment);
    expect(await found('erp')).to.include({ passwordHash: 'changed' });
  });

  it('are not for production', async () => {
    const error: unknown = await makeDemoData({ ...environment, LASTRO_ENV: 'production' }).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(BadConfig);
    expect((error as BadConfig).message).to.include('LASTRO_ENV');
  });
});
