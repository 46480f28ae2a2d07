import { expect } from 'chai';
import supertest from 'supertest';
import { granted } from '#shared/cashback-month/examples.ts';
import { approved, changed, registered, rejected, withdrawn } from '#shared/purchase/examples.ts';
import { purchaseIdOf } from '#shared/purchase/identity.ts';
import { erased, registered as resellerRegistered } from '#shared/reseller/examples.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { purchaseRoutes } from '../../query-api/purchase/routes.ts';
import { aDatabase } from '../support/a-database.ts';
import { recording, viewsOf } from '../support/some-purchases.ts';
import { pastIn } from '../support/the-past.ts';

type Item = Readonly<Record<string, string>> & { readonly code: string };
type Listed = { readonly items: readonly Item[]; readonly nextCursor: string | null };

const hash = keyedHash(Buffer.alloc(32, 1));
const ANA = '52998224725' as Cpf;
const BIA = '08948135015' as Cpf;
const GONE = '11144477735' as Cpf;
const ana = resellerIdOf(hash, ANA);
const bia = resellerIdOf(hash, BIA);
const gone = resellerIdOf(hash, GONE);
const of = (code: string, resellerId = ana) => ({ purchaseId: purchaseIdOf(code), resellerId });
const december = '2025-12-05' as Day;

/** Ana has 800 and 300 in January and 1000.01 in December; Bia has 1500.01 in January. */
const put = async () => {
  const eventStore = inMemoryEventStore();
  const { purchase, reseller } = recording(eventStore);
  for (const [resellerId, cpf] of [[ana, ANA] as const, [bia, BIA] as const, [gone, GONE] as const])
    await reseller(resellerRegistered({ resellerId, cpf }));
  const register = (code: string, amountInCents: number, more: { date?: Day } = {}, who = ana) =>
    purchase(registered({ ...of(code, who), code, amountInCents, ...more }));
  await register('A', 800_00);
  await register('B', 300_00);
  await purchase(approved({ ...of('B'), amountInCents: 300_00 }));
  await register('C', 1_000_01, { date: december });
  await register('D', 700_00);
  await purchase(rejected({ ...of('D'), amountInCents: 700_00 }));
  await register('E', 900_00);
  await purchase(withdrawn({ ...of('E'), amountInCents: 900_00 }));
  await register('F', 1_500_01, {}, bia);
  await register('G', 10_00, { date: '2025-11-03' as Day }, gone);
  await reseller({ type: 'ResellerErased', data: { ...erased().data, resellerId: gone } } as never);
  return { eventStore, purchase };
};

describe('Purchases, asked for', () => {
  const database = aDatabase(async (db) => {
    await viewsOf(db, (await put()).eventStore);
  });

  const as = (role: Role, claims: object = {}) => {
    const { app } = aThingApi({ routes: purchaseRoutes(database(), hash, pastIn()) });
    return supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role, claims)}`);
  };
  const reseller = (sub: string = ana) => as('reseller', { sub });
  const listed = async (caller: ReturnType<typeof as>, query = '') =>
    (await caller.get(`/v1/purchases${query}`).expect(200)).body as Listed;
  const codes = async (caller: ReturnType<typeof as>, query = '') =>
    (await listed(caller, query)).items.map(({ code }) => code);

  it('show code, amount, day, percentage, cashback and status, newest first', async () => {
    const { items } = await listed(reseller());
    expect(
      items.map((item) => [
        item.code,
        item['amount'],
        item['cashbackPercent'],
        item['cashbackAmount'],
        item['status'],
      ]),
    ).to.deep.equal([
      ['D', '700.00', '0', '0.00', 'REJECTED'],
      ['C', '1000.01', '15', '150.00', 'IN_VALIDATION'],
      ['B', '300.00', '15', '45.00', 'APPROVED'],
      ['A', '800.00', '15', '120.00', 'IN_VALIDATION'],
    ]);
  });

  it('show one, and the tag to send back', async () => {
    const answer = await reseller()
      .get(`/v1/purchases/${purchaseIdOf('B')}`)
      .expect(200);
    expect(answer.body).to.deep.equal({
      id: purchaseIdOf('B'),
      code: 'B',
      amount: '300.00',
      date: '2026-01-10',
      cashbackPercent: '15',
      cashbackAmount: '45.00',
      status: 'APPROVED',
    });
    expect(answer.headers).to.include({ etag: '"1"' });
  });

  it('show what was withdrawn only to those who ask for it', async () => {
    const { items } = await listed(reseller(), '?status=WITHDRAWN');
    expect(
      items.map(({ code, cashbackPercent, cashbackAmount }) => [
        code,
        cashbackPercent,
        cashbackAmount,
      ]),
    ).to.eql([['E', '0', '0.00']]);
    const one = await reseller()
      .get(`/v1/purchases/${purchaseIdOf('E')}`)
      .expect(200);
    expect(one.body).to.include({ status: 'WITHDRAWN', cashbackPercent: '0' });
  });

  it('are a reseller’s own, and everybody’s for analysts', async () => {
    expect(await codes(reseller(bia))).to.deep.equal(['F']);
    expect(await codes(as('analyst'))).to.deep.equal(['G', 'F', 'D', 'C', 'B', 'A']);
    expect(await codes(as('admin'))).to.have.length(6);
    await reseller(bia)
      .get(`/v1/purchases/${purchaseIdOf('A')}`)
      .expect(404);
    await as('analyst')
      .get(`/v1/purchases/${purchaseIdOf('A')}`)
      .expect(200);
    await as('analyst').get('/v1/purchases/1').expect(404);
    await as('erp').get('/v1/purchases').expect(403);
  });

  it('are nobody’s any more once their reseller was erased, whoever knows the CPF', async () => {
    expect(await codes(as('analyst'), `?cpf=${GONE}`)).to.deep.equal([]);
    expect(await codes(as('analyst'), '?month=2025-11')).to.deep.equal(['G']);
  });

  it('are filtered by month, status and CPF', async () => {
    const analyst = as('analyst');
    expect(await codes(analyst, '?month=2025-12')).to.deep.equal(['C']);
    expect(await codes(analyst, '?status=APPROVED')).to.deep.equal(['B']);
    expect(await codes(analyst, `?cpf=${BIA}`)).to.deep.equal(['F']);
    expect(await codes(analyst, '?cpf=089.481.350-15')).to.deep.equal(['F']);
    expect(await codes(analyst, '?cpf=15350946056')).to.deep.equal([]);
    expect(await codes(reseller(), `?cpf=${ANA}&month=2026-01&status=IN_VALIDATION`)).to.eql(['A']);
    expect(await codes(reseller(), `?cpf=${BIA}`)).to.deep.equal([]);
    for (const wrong of ['month=2026-13', 'status=PENDING', 'cpf=1', 'cpf=52998224724', 'code=A'])
      await analyst.get(`/v1/purchases?${wrong}`).expect(422);
  });

  it('come page by page, and none is shown twice or left out', async () => {
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const cursor = next === '' ? '' : `&cursor=${next}`;
      const { items, nextCursor }: Listed = await listed(as('analyst'), `?limit=2${cursor}`);
      seen.push(...items.map(({ code }) => code));
      next = nextCursor;
    }
    expect(seen).to.deep.equal(['G', 'F', 'D', 'C', 'B', 'A']);
  });

  describe('whose month its view has not got to yet', () => {
    const behind = aDatabase(async (db) => {
      await viewsOf(db, (await put()).eventStore);
      await db('reseller_months_view').delete();
    });

    it('are added up from the purchases there are', async () => {
      const { app } = aThingApi({ routes: purchaseRoutes(behind(), hash, pastIn()) });
      const token = tokenOf('reseller', { sub: ana });
      const answer = await supertest(app).get('/v1/purchases').auth(token, { type: 'bearer' });
      const { items } = answer.body as Listed;
      expect(items.map(({ code, cashbackPercent }) => [code, cashbackPercent])).to.deep.equal([
        ['D', '0'],
        ['C', '15'],
        ['B', '15'],
        ['A', '15'],
      ]);
    });
  });

  describe('of a month that was granted', () => {
    const closed = aDatabase(async (db) => {
      const { eventStore, purchase } = await put();
      const { ledger } = recording(eventStore);
      const line = (code: string, amountInCents: number, cashbackInCents: number) => ({
        ...{ purchaseId: purchaseIdOf(code), revision: 0, amountInCents, cashbackInCents },
      });
      const lines = [line('A', 800_00, 120_00), line('B', 300_00, 45_00)];
      await ledger(granted({ resellerId: ana, lines }));
      await purchase(rejected({ ...of('A'), amountInCents: 800_00 }));
      await purchase(changed({ amountInCents: 1 }, { amountInCents: 1_500_01 }, of('F', bia)));
      await viewsOf(db, eventStore);
    });

    it('keep the percentage that they were granted with', async () => {
      const { app } = aThingApi({ routes: purchaseRoutes(closed(), hash, pastIn()) });
      const token = tokenOf('analyst');
      const get = supertest(app).get('/v1/purchases?month=2026-01').auth(token, { type: 'bearer' });
      const { items } = (await get.expect(200)).body as Listed;
      expect(
        items.map(({ code, cashbackPercent, cashbackAmount }) => [
          code,
          cashbackPercent,
          cashbackAmount,
        ]),
      ).to.eql([
        ['F', '10', '0.00'],
        ['D', '0', '0.00'],
        ['B', '15', '45.00'],
        ['A', '0', '0.00'],
      ]);
    });
  });
});
