import { expect } from 'chai';
import supertest from 'supertest';
import { adjusted, february, granted } from '#shared/cashback-month/examples.ts';
import type { BalanceOf, CashbackBalance } from '#shared/cashback-month/ports.ts';
import { registered, rejected, withdrawn } from '#shared/purchase/examples.ts';
import { purchaseIdOf } from '#shared/purchase/identity.ts';
import { aReseller, anotherReseller, registered as joined } from '#shared/reseller/examples.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import type { SubjectId } from '#shared/ids.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { cashbackRoutes } from '../../query-api/cashback-month/routes.ts';
import { resellerRoutes } from '../../query-api/reseller/routes.ts';
import { pastIn } from '../support/the-past.ts';
import { aDatabase } from '../support/a-database.ts';
import { recording, viewsOf } from '../support/some-purchases.ts';

type Month = Readonly<Record<string, unknown>> & { readonly month: string };

const bruno = '5d0b2a52-3c5e-5a0e-9d0a-0000000000c2' as SubjectId;
const [march, inFebruary] = ['2026-03-05', '2026-02-05'] as Day[];

/** January was granted and put right in February; March is open; Bruno has nothing. */
const put = async (keys: ReturnType<typeof inMemoryKeys>) => {
  const eventStore = inMemoryEventStore({ keys });
  const { reseller, purchase, ledger } = recording(eventStore);
  const content = (code: string, amountInCents: number, date = '2026-01-10' as Day) => ({
    ...{ purchaseId: purchaseIdOf(code), amountInCents, date },
  });
  const register = (code: string, ...rest: [number, Day?]) =>
    purchase(registered({ ...content(code, ...rest), code }));

  await reseller(joined());
  await reseller(joined({ resellerId: anotherReseller, subjectId: bruno, fullName: 'Bruno' }));
  await register('A', 800_00);
  await register('B', 300_00);
  const line = (code: string, amountInCents: number, cashbackInCents: number) => ({
    ...{ purchaseId: purchaseIdOf(code), revision: 0, amountInCents, cashbackInCents },
  });
  await ledger(granted({ lines: [line('A', 800_00, 120_00), line('B', 300_00, 45_00)] }));
  await purchase(rejected(content('B', 300_00)));
  await ledger(adjusted({ purchaseId: purchaseIdOf('B') }));
  await register('C', 5, march);
  await register('D', 1_500_00, march);
  await register('E', 9_00, march);
  await purchase(withdrawn(content('E', 9_00, march)));
  await register('G', 7_00, inFebruary);
  await purchase(rejected(content('G', 7_00, inFebruary)));
  await register('H', 7_00, '2025-11-30' as Day);
  await purchase(rejected(content('H', 7_00, '2025-11-30' as Day)));
  return eventStore;
};

describe('A reseller’s cashback, asked for', () => {
  const keys = inMemoryKeys();
  const database = aDatabase(async (db) => viewsOf(db, await put(keys)));
  const asked: string[] = [];
  let balance: CashbackBalance = { outcome: 'known', credit: 1015 };
  beforeEach(() => {
    asked.length = 0;
    balance = { outcome: 'known', credit: 1015 };
  });
  const balanceOf: BalanceOf = (cpf) => {
    asked.push(cpf);
    return Promise.resolve(balance);
  };

  const as = (role: Role, claims: object = {}) => {
    const routes = [
      ...cashbackRoutes(database(), keys, balanceOf),
      ...resellerRoutes(database(), keys, pastIn()),
    ];
    const { app } = aThingApi({ routes });
    return supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role, claims)}`);
  };
  const get = (query = '', sub: string = aReseller) =>
    as('reseller', { sub }).get(`/v1/resellers/me/cashback${query}`);
  const months = async () =>
    ((await get('?accumulated=false').expect(200)).body as { readonly months: Month[] }).months;

  it('is what the partner says has been accumulated, and each month', async () => {
    const answer = await get().expect(200);
    expect(answer.body).to.have.property('accumulated').that.deep.equals({ credit: 1015 });
    const seen = (answer.body as { months: Month[] }).months;
    expect(
      seen.map(({ month, purchased, percent, cashback, status }) => [
        month,
        purchased,
        percent,
        cashback,
        status,
      ]),
    ).to.deep.equal([
      ['2026-03', '1500.05', '20', '300.01', 'OPEN'],
      ['2026-02', '0.00', '10', '-85.00', 'OPEN'],
      ['2026-01', '1100.00', '15', '165.00', 'CLOSED'],
    ]);
    expect(asked).to.deep.equal(['52998224725']);
  });

  it('explains an open month by what counts in it today', async () => {
    const [open] = await months();
    const about = (code: string) => ({ purchaseId: purchaseIdOf(code), code, date: march });
    expect(open).to.deep.include({
      ruleSet: '1',
      purchases: 2,
      lines: [
        { ...about('D'), amount: '1500.00', cashback: '300.00' },
        { ...about('C'), amount: '0.05', cashback: '0.01' },
      ],
      adjustments: [],
    });
  });

  it('explains a closed month by what was granted, and the open one by what was put right', async () => {
    const [, open, closed] = await months();
    const lines = (closed?.['lines'] as Month[]).map(({ code, amount, cashback }) => [
      code,
      amount,
      cashback,
    ]);
    expect(lines).to.deep.equal([
      ['B', '300.00', '45.00'],
      ['A', '800.00', '120.00'],
    ]);
    expect(closed).to.deep.include({ ruleSet: '1', purchases: 2, adjustments: [] });
    const about = { about: '2026-01', purchaseId: purchaseIdOf('B'), code: 'B' };
    expect(open).to.deep.include({
      ...{ month: february, purchases: 0, lines: [] },
      adjustments: [{ ...about, cashback: '-85.00' }],
    });
  });

  it('leaves the partner out when that is asked for', async () => {
    balance = { outcome: 'unavailable' };
    expect((await get('?accumulated=false').expect(200)).body).to.not.have.property('accumulated');
    expect(asked).to.deep.equal([]);
    await get('?accumulated=maybe').expect(422);
  });

  it('is not to be had while the partner is away', async () => {
    balance = { outcome: 'unavailable' };
    const answer = await get().expect(503);
    expect(answer.body).to.include({ code: 'cashback-api-unavailable' });
    expect(answer.headers).to.include({ 'retry-after': '5' });
  });

  it('tells what the partner refused it with', async () => {
    balance = { outcome: 'refused', message: 'CPF não encontrado' };
    const answer = await get().expect(502);
    expect(answer.body).to.include({ code: 'cashback-api-refused', detail: 'CPF não encontrado' });
  });

  it('is each one’s own', async () => {
    const answer = await get('', anotherReseller).expect(200);
    expect(answer.body).to.deep.equal({ accumulated: { credit: 1015 }, months: [] });
    await as('analyst').get('/v1/resellers/me/cashback').expect(403);
    const nobody = await as('admin').get('/v1/resellers/me/cashback').expect(404);
    expect(nobody.body).to.include({ code: 'reseller-not-found' });
  });

  it('goes with who one is registered as', async () => {
    const me = await as('reseller', { sub: aReseller }).get('/v1/resellers/me').expect(200);
    const said = { fullName: 'Ana de Souza', cpf: '52998224725', email: 'Ana@example.com' };
    expect(me.body).to.deep.equal({ id: aReseller, ...said });
    expect(me.headers).to.include({ etag: '"0"' });
    await as('admin').get('/v1/resellers/me').expect(404);
    const { rows } = await database().raw<{ rows: object[] }>('select * from resellers_view');
    expect(JSON.stringify(rows)).to.not.match(/Ana|52998224725|example/);
  });

  it('is nobody’s once they were erased', async () => {
    await keys.destroy(bruno);
    await get('', anotherReseller).expect(404);
    expect(asked).to.deep.equal([]);
    const me = await as('reseller', { sub: anotherReseller }).get('/v1/resellers/me').expect(200);
    expect(me.body).to.include({ fullName: null, cpf: null, email: null });
  });
});
