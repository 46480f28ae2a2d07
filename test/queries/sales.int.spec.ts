import { expect } from 'chai';
import supertest from 'supertest';
import type { Role } from '#shared/platform/http/caller.ts';
import { anErp, anotherErp, anotherSale, aSale } from '#shared/sale/examples.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { salesSeenBy } from '../../query-api/sale/queries.ts';
import { saleRoutes } from '../../query-api/sale/routes.ts';
import { aDatabase } from '../support/a-database.ts';
import { pastIn } from '../support/the-past.ts';
import {
  aHuge,
  aRefused,
  hash,
  jose,
  keys,
  own,
  saidByPartner,
  sent,
  someSales,
  wrong,
} from '../support/some-sales.ts';

type Item = Readonly<Record<string, unknown>> & { readonly id: string };
type Listed = { readonly items: readonly Item[]; readonly nextCursor: string | null };

describe('Sales, asked for', () => {
  const database = aDatabase(someSales);

  const as = (role: Role, claims: object = {}) => {
    const { app } = aThingApi({ routes: saleRoutes(database(), keys, hash, pastIn()) });
    return supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role, claims)}`);
  };
  const operator = () => as('operator', { scope: 'personal-data' });
  const erp = (sub: string = anErp) => as('erp', { sub });
  const listed = async (caller: ReturnType<typeof as>, query = '') =>
    (await caller.get(`/v1/sales${query}`).expect(200)).body as Listed;
  const one = async (caller: ReturnType<typeof as>, id: string) =>
    (await caller.get(`/v1/sales/${id}`).expect(200)).body as Item;
  const found = async (query = '', caller = operator()) =>
    (await listed(caller, query)).items.map(({ id }) => id);

  it('are everybody’s for operators and auditors, newest first, and its own for an ERP', async () => {
    const all = [aHuge, aRefused, anotherSale, aSale];
    for (const role of ['operator', 'auditor', 'admin'] as const)
      expect(await found('', as(role))).to.deep.equal(all);
    expect(await found('', erp())).to.deep.equal([aRefused, aSale]);
    expect(await found('', erp(anotherErp))).to.deep.equal([aHuge, anotherSale]);
    await erp().get(`/v1/sales/${anotherSale}`).expect(404);
    await operator().get('/v1/sales/1').expect(404);
  });

  it('show everything about one, and the tag to send back', async () => {
    const answer = await operator().get(`/v1/sales/${aSale}`).expect(200);
    const at = '2026-01-15T12:00:00.000Z';
    expect(answer.body).to.deep.equal({
      id: aSale,
      status: 'ACCEPTED',
      document: '52998224725',
      name: 'JOSE DA SILVA',
      soldAt: '2026-01-02T03:00:00.000Z',
      total: '100.00',
      cashback: '14.00',
      ruleSet: '1',
      lines: [
        { type: 'A', value: '10.00', qty: 1, percent: '5', cashback: '0.50' },
        { type: 'B', value: '10.00', qty: 9, percent: '15', cashback: '13.50' },
      ],
      partnerId: '77',
      attempts: [{ at, outcome: 'ACCEPTED', httpStatus: 201, body: saidByPartner }],
    });
    expect(answer.headers).to.include({ etag: '"3"' });
  });

  it('show what was noticed, and what was refused with all of what was sent', async () => {
    expect((await one(operator(), anotherSale))['warnings']).to.deep.equal([
      { code: 'known-by-another-name', saleId: aSale },
    ]);
    expect(await one(erp(), aRefused)).to.deep.equal({
      id: aRefused,
      status: 'REFUSED',
      document: '52998224725',
      name: 'JOSE DA SILVA',
      soldAt: null,
      total: '99.00',
      cashback: '0.00',
      ruleSet: null,
      lines: [],
      attempts: [],
      errors: wrong,
      received: JSON.parse(sent) as unknown,
    });
  });

  it('name nobody to an auditor', async () => {
    const auditor = as('auditor');
    const sale = await one(auditor, aSale);
    expect(sale).to.include({ document: '***.982.247-**', name: 'J***' });
    const kept = await one(auditor, aRefused);
    expect(kept).to.include({ document: '***.982.247-**', name: 'J***' });
    expect(kept['received']).to.have.nested.property('products[1].value', '10.00');
    const all = JSON.stringify(await listed(auditor));
    expect(all).to.not.match(/SILVA|MARIA|JOSE|52998224725|15350946056/);
  });

  it('are filtered by status, buyer and day, all of them at once', async () => {
    expect(await found('?status=REFUSED')).to.deep.equal([aRefused]);
    expect(await found('?document=52998224725')).to.deep.equal([aSale]);
    expect(await found('?document=153.509.460-56')).to.deep.equal([aHuge, anotherSale]);
    expect(await found('?from=2026-01-10&to=2026-01-12')).to.deep.equal([aRefused, anotherSale]);
    expect(await found('?from=2026-01-13')).to.deep.equal([aHuge]);
    expect(await found('?to=2026-01-02')).to.deep.equal([aSale]);
    expect(await found('?status=ACCEPTED&document=15350946056')).to.deep.equal([]);
    expect(await found('?status=CALCULATED&document=15350946056&to=2026-01-10')).to.deep.equal([
      anotherSale,
    ]);
  });

  it('are not found by the CPF of somebody who was erased', async () => {
    const none = { find: () => Promise.resolve(new Map()), obtain: keys.obtain };
    const { as: asking } = aThingApi({ routes: saleRoutes(database(), none, hash, pastIn()) });
    const answer = await asking('operator').get('/v1/sales?document=52998224725').expect(200);
    expect(answer.body).to.deep.equal({ items: [], nextCursor: null });
  });

  it('are not filtered by what makes no sense', async () => {
    for (const query of [
      ...['status=DONE', 'document=12312312323', 'document=1', 'from=2026-02-30', 'to=yesterday'],
      ...['limit=0', 'limit=201', 'cursor=x', 'name=JOSE'],
    ])
      await operator().get(`/v1/sales?${query}`).expect(422);
  });

  it('come page by page, and none is shown twice or left out', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 4; pages++) {
      const { items, nextCursor } = await listed(operator(), `?limit=1${cursor}`);
      seen.push(...items.map(({ id }) => id));
      cursor = `&cursor=${nextCursor ?? ''}`;
      expect(nextCursor === null).to.equal(pages === 3);
    }
    expect(seen).to.deep.equal([aHuge, aRefused, anotherSale, aSale]);
  });

  it('come fewer at a time where they are large, and one in any case', async () => {
    const page = async (largest: number, before?: string) => {
      const wanted = { limit: 50, before };
      const { rows, goesOn } = await salesSeenBy(database(), 'everything', {}, wanted, largest);
      return [rows.map(({ sale_id }) => sale_id), goesOn];
    };
    expect(await page(1)).to.deep.equal([[aHuge], true]);
    expect(await page(902_000)).to.deep.equal([[aHuge, aRefused], true]);
    expect(await page(10_000_000)).to.deep.equal([[aHuge, aRefused, anotherSale, aSale], false]);
  });

  it('stand sealed in the table, and tell nothing of whoever was erased', async () => {
    const { rows } = await database().raw<{ rows: object[] }>('select * from sales_view');
    expect(JSON.stringify(rows)).to.not.match(/JOSE|52998224725|15350946056/);
    await keys.destroy(jose);
    const sale = await one(operator(), aSale);
    expect(sale).to.deep.include({ document: null, name: null, cashback: '14.00' });
    expect(sale['attempts']).to.have.nested.property('[0].httpStatus', 201);
    expect(sale['attempts']).to.not.have.nested.property('[0].body');
    await keys.destroy(own);
    expect(await one(operator(), aRefused)).to.deep.include({
      ...{ document: null, received: null, total: '99.00' },
      errors: ['additional-properties', 'total-mismatch'].map((code) => ({
        ...{ pointer: '', code, message: 'is not kept any more' },
      })),
    });
  });

  it('are for those who sign in and may see them', async () => {
    const { app } = aThingApi({ routes: saleRoutes(database(), keys, hash, pastIn()) });
    await supertest(app).get('/v1/sales').expect(401);
    for (const role of ['partner', 'reseller', 'analyst', 'customer-app'] as const)
      await as(role).get('/v1/sales').expect(403);
  });
});
