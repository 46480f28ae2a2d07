import { expect } from 'chai';
import supertest from 'supertest';
import { closedPeriodsIn } from '#shared/conciliation/closed-periods.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { findingAmountIn } from '../../adapters/postgres/conciliation/findings.ts';
import { findingRoutes } from '../../command-api/conciliation/finding-routes.ts';
import { aConciliation, type AConciliation } from '../support/a-conciliation.ts';
import { buyer, creditOf, csvOf } from '../support/a-statement.ts';

const another = '5d0b2a52-3c5e-5a0e-9d0a-0000000005f9';
const small = { id: '7001', document: buyer(300), amount: '100.00' };
const large = { id: '7002', document: buyer(300), amount: '100.01' };

describe('A finding of a conciliation', function () {
  this.timeout(180_000);
  const conciliation = aConciliation();
  let run: AConciliation;
  let items: string;
  let as: (role: Role, claims?: object) => ReturnType<typeof supertest.agent>;

  before(async () => {
    run = conciliation();
    await run.begin();
    await run.sold([{ nth: 1 }]);
    const { id } = await run.send(csvOf('cashback-api', [creditOf({ nth: 1 }), small, large]));
    const findingAmount = findingAmountIn(run.db);
    expect(await findingAmount(id, '3-0'), 'before there is a report').to.equal(undefined);
    await run.run(id);
    items = `/v1/conciliations/${id}/items`;
    const { eventStore } = run;
    const closedPeriods = closedPeriodsIn(eventStore);
    const deps = { eventStore, findingAmount, limitInCents: 10_000, closedPeriods };
    const { app } = aThingApi({ routes: findingRoutes(deps) });
    as = (role, claims) =>
      supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role, claims)}`);
  });

  const resolve = (item: string, resolution: string, role: Role = 'operator') =>
    as(role).post(`${items}/${item}/resolve`).send({ resolution, reason: 'It is of another shop' });
  const codeOf = ({ body }: { readonly body: unknown }) => (body as { code: string }).code;

  it('is resolved by an operator, in one way', async () => {
    const done = await resolve('3-0', 'EXPLAINED').expect(200);
    expect(done.body).to.deep.include({ status: 'RESOLVED', resolution: 'EXPLAINED' });
    await resolve('3-0', 'EXPLAINED').expect(200);
    expect(codeOf(await resolve('3-0', 'WRITTEN_OFF').expect(409))).to.equal(
      'finding-already-resolved',
    );
    await resolve('3-0', 'EXPLAINED', 'auditor').expect(403);
    await resolve('3-0', 'FORGOTTEN').expect(422);
  });

  it('is none where both sides agree, or where there is nothing', async () => {
    const [matched] = await run.itemsOf((await run.startedAs(idIn(items))).statementId);
    const agreed = `2-${matched?.position ?? ''}`;
    for (const item of [agreed, '99-0', '2-0', '0-0', '9999999999-0', '3-9999999999999999999'])
      expect(codeOf(await resolve(item, 'EXPLAINED').expect(404)), item).to.equal('item-not-found');
    await resolve('x', 'EXPLAINED').expect(404);
  });

  it('is written off by two people when it is large, never by the same one twice', async () => {
    const asked = await resolve('4-0', 'WRITTEN_OFF').expect(200);
    expect(asked.body).to.deep.include({ status: 'AWAITING_APPROVAL' });
    const approve = (claims?: object) => as('operator', claims).post(`${items}/4-0/approve`);
    expect(codeOf(await approve().expect(409))).to.equal('approval-of-own-request');
    const approved = await approve({ sub: another }).expect(200);
    expect(approved.body).to.deep.include({ status: 'RESOLVED', resolution: 'WRITTEN_OFF' });
    const nothing = await as('operator', { sub: another }).post(`${items}/3-0/approve`).expect(409);
    expect(codeOf(nothing)).to.equal('nothing-to-approve');
  });
});

const idIn = (items: string) => items.split('/')[3] as Parameters<AConciliation['startedAs']>[0];
