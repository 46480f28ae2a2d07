import { expect } from 'chai';
import supertest from 'supertest';
import { granted } from '#shared/cashback-month/examples.ts';
import { changed, rejected } from '#shared/purchase/examples.ts';
import { purchaseIdOf } from '#shared/purchase/identity.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { purchaseRoutes } from '../../query-api/purchase/routes.ts';
import { aDatabase } from '../support/a-database.ts';
import {
  ana,
  bia,
  hash,
  of,
  purchasesRecorded,
  type Listed,
} from '../support/purchases-recorded.ts';
import { recording, viewsOf } from '../support/some-purchases.ts';
import { pastIn } from '../support/the-past.ts';

describe('Purchases whose month their view has not got to yet', () => {
  const behind = aDatabase(async (db) => {
    await viewsOf(db, (await purchasesRecorded()).eventStore);
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

describe('Purchases of a month that was granted', () => {
  const closed = aDatabase(async (db) => {
    const { eventStore, purchase } = await purchasesRecorded();
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
