import { expect } from 'chai';
import supertest from 'supertest';
import type { Role } from '#shared/platform/http/caller.ts';
import { anotherStation, aStation } from '#shared/station/examples.ts';
import { noon } from '#shared/swap/examples.ts';
import { swapIdOf } from '#shared/swap/number.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { stationRoutes } from '../../query-api/station/routes.ts';
import { transactionRoutes } from '../../query-api/swap/routes.ts';
import { aDatabase } from '../support/a-database.ts';
import { pastIn } from '../support/the-past.ts';
import { aThird, later, someTransactions } from '../support/some-transactions.ts';

type Item = Readonly<Record<string, unknown>> & { readonly id: string };
type Listed = { readonly items: readonly Item[]; readonly nextCursor: string | null };

describe('Stations and transactions, asked for', () => {
  const database = aDatabase(someTransactions);

  const as = (role: Role) => {
    const past = pastIn(inMemoryEventStore());
    const routes = [...stationRoutes(database(), past), ...transactionRoutes(database(), past)];
    const { app } = aThingApi({ routes });
    return supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role)}`);
  };
  const one = async (role: Role, path: string) => {
    const answer = await as(role).get(path).expect(200);
    return { body: answer.body as Item, headers: answer.headers };
  };
  const listed = async (path: string) =>
    (await as('operator').get(path).expect(200)).body as Listed;
  const numbersOf = async (query = '') =>
    (await listed(`/v1/transactions${query}`)).items.map(({ number }) => number);

  it('show a station as it stands now, and whether its equipment is there', async () => {
    const { body, headers } = await one('operator', `/v1/stations/${aStation}`);
    expect(body).to.deep.equal({
      ...{ id: aStation, description: 'Posto Paulista', batteryAvailable: false },
      ...{ protocol: 'json', equipment: { online: false, since: noon } },
    });
    expect(headers['etag']).to.equal('"2"');
  });

  it('list the stations that there are, newest first, and say nothing of silent equipment', async () => {
    const { items, nextCursor } = await listed('/v1/stations');
    expect(items.map(({ id }) => id)).to.deep.equal([anotherStation, aStation]);
    expect(items[0]).to.not.have.property('equipment');
    expect(nextCursor).to.equal(null);
    await as('operator').get(`/v1/stations/${aThird}`).expect(404);
  });

  it('show a transaction with all that its equipment said, as it came, and what came of it', async () => {
    const path = `/v1/transactions/${swapIdOf(14)}`;
    const { body, headers } = await one('customer-app', path);
    const confirm = 'confirm transaction {14}';
    expect(body).to.deep.equal({
      ...{ id: swapIdOf(14), number: 14, stationId: aStation, status: 'COMPLETED' },
      ...{ startedAt: noon, decidedAt: noon },
      replies: [
        { at: noon, payload: 'cnfirm {14}', verdict: 'garbled' },
        { at: noon, payload: confirm, verdict: 'confirm' },
        { at: noon, payload: confirm, verdict: 'duplicate' },
        { at: noon, payload: 'error transaction {14}', verdict: 'contradictory' },
        { at: noon, payload: '/wA=', verdict: 'duplicate' },
      ],
    });
    expect(headers['etag']).to.equal('"6"');
  });

  it('show when one expired, though its equipment was heard of later', async () => {
    const { body } = await one('operator', `/v1/transactions/${swapIdOf(15)}`);
    expect(body).to.deep.include({
      ...{ status: 'EXPIRED', decidedAt: later },
      replies: [{ at: noon, payload: 'confirm transaction {15}', verdict: 'late' }],
    });
  });

  it('show nothing as decided that is pending', async () => {
    const { body } = await one('operator', `/v1/transactions/${swapIdOf(16)}`);
    expect(body)
      .to.deep.include({ status: 'PENDING', replies: [] })
      .and.not.have.property('decidedAt');
  });

  it('list transactions by status, by station, and by both', async () => {
    expect(await numbersOf()).to.deep.equal([17, 16, 15, 14]);
    expect(await numbersOf('?status=PENDING')).to.deep.equal([17, 16]);
    expect(await numbersOf(`?stationId=${anotherStation}`)).to.deep.equal([17, 15]);
    expect(await numbersOf(`?stationId=${anotherStation}&status=EXPIRED`)).to.deep.equal([15]);
    expect(await numbersOf(`?stationId=${aThird}`)).to.deep.equal([]);
  });

  it('go through a list page by page, under a filter too', async () => {
    const paged = async (query: string) => {
      const seen: unknown[] = [];
      for (let cursor = ''; seen.length < 10;) {
        const { items, nextCursor } = await listed(`/v1/transactions?limit=1${query}${cursor}`);
        seen.push(...items.map(({ number }) => number));
        if (nextCursor === null) break;
        cursor = `&cursor=${nextCursor}`;
      }
      return seen;
    };
    expect(await paged('')).to.deep.equal([17, 16, 15, 14]);
    expect(await paged('&status=PENDING')).to.deep.equal([17, 16]);
    const first = await listed('/v1/stations?limit=1');
    const second = await listed(`/v1/stations?limit=1&cursor=${first.nextCursor ?? ''}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).to.deep.equal([
      ...[anotherStation, aStation],
    ]);
  });

  it('refuse what is no filter, no status, no station and no cursor', async () => {
    const wrong = ['?state=PENDING', '?status=pending', '?stationId=here', '?cursor=x', '?limit=0'];
    for (const query of wrong) await as('operator').get(`/v1/transactions${query}`).expect(422);
    await as('operator').get('/v1/stations?status=PENDING').expect(422);
    await as('operator')
      .get(`/v1/transactions/${swapIdOf(99)}`)
      .expect(404);
    await as('operator').get('/v1/transactions/14').expect(404);
  });

  it('are for operators and for the customers’ app', async () => {
    const paths = [
      ...['/v1/stations', `/v1/stations/${aStation}`, '/v1/transactions'],
      `/v1/transactions/${swapIdOf(14)}`,
    ];
    for (const path of paths) {
      for (const role of ['operator', 'customer-app', 'admin'] as const)
        await as(role).get(path).expect(200);
      for (const role of ['partner', 'reseller', 'erp', 'analyst', 'auditor'] as const)
        await as(role).get(path).expect(403);
    }
  });
});
