import { expect } from 'chai';
import supertest from 'supertest';
import { purchaseIdOf } from '#shared/purchase/identity.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { purchaseRoutes } from '../../query-api/purchase/routes.ts';
import { aDatabase } from '../support/a-database.ts';
import {
  ANA,
  ana,
  BIA,
  bia,
  GONE,
  hash,
  purchasesRecorded,
  type Listed,
} from '../support/purchases-recorded.ts';
import { viewsOf } from '../support/some-purchases.ts';
import { pastIn } from '../support/the-past.ts';

describe('Purchases, asked for', () => {
  const database = aDatabase(async (db) => {
    await viewsOf(db, (await purchasesRecorded()).eventStore);
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
});
