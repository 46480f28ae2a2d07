import { expect } from 'chai';
import Papa from 'papaparse';
import supertest from 'supertest';
import { closedPeriodsIn } from '#shared/conciliation/closed-periods.ts';
import type { ConciliationId } from '#shared/ids.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { resendRequested } from '#shared/sale/examples.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { meta } from '#shared/testing/recorded.ts';
import { findingAmountIn } from '../../adapters/postgres/conciliation/findings.ts';
import { findingRoutes } from '../../command-api/conciliation/finding-routes.ts';
import type { ItemAnswered } from '../../query-api/conciliation/resolutions.ts';
import { conciliationRoutes } from '../../query-api/conciliation/routes.ts';
import { aConciliation, type AConciliation } from '../support/a-conciliation.ts';
import { buyer, creditOf, csvOf, saleIdOf } from '../support/a-statement.ts';

const small = { id: '7001', document: buyer(300), amount: '100.00' };
const large = { id: '7002', document: buyer(300), amount: '100.01' };
const LIMIT = 10_000;

describe('The items of a conciliation', function () {
  this.timeout(180_000);
  const conciliation = aConciliation();
  let run: AConciliation;
  let id: ConciliationId;
  let as: (role: Role) => ReturnType<typeof supertest.agent>;

  before(async () => {
    run = conciliation();
    await run.begin();
    await run.sold([{ nth: 1 }]);
    ({ id } = await run.send(csvOf('cashback-api', [creditOf({ nth: 1 }), small, large])));
    await run.run(id);
    const deciding = {
      ...{ eventStore: run.eventStore, limitInCents: LIMIT },
      findingAmount: findingAmountIn(run.db),
      closedPeriods: closedPeriodsIn(run.eventStore),
    };
    const routes = [...findingRoutes(deciding), ...conciliationRoutes(run.db, run.keys)];
    const { app } = aThingApi({ routes });
    as = (role) => supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role)}`);
  });

  it('have what was done about them, in JSON and as CSV', async () => {
    const reason = 'Of another shop; see its mail, "Re: 7001"';
    const resolve = (item: string, resolution: string) =>
      as('operator')
        .post(`/v1/conciliations/${id}/items/${item}/resolve`)
        .send({ resolution, reason })
        .expect(200);
    await resolve('3-0', 'EXPLAINED');
    await resolve('4-0', 'WRITTEN_OFF');
    await run.catchUp();

    const path = `/v1/conciliations/${id}/items`;
    const listed = await as('operator').get(path).expect(200);
    const { items } = listed.body as { readonly items: readonly ItemAnswered[] };
    const done = { reason, resolvedBy: items[1]?.resolution?.resolvedBy };
    expect(items.map(({ resolution }) => resolution && { ...resolution, at: '' })).to.deep.equal([
      undefined,
      { ...done, resolution: 'EXPLAINED', status: 'RESOLVED', at: '' },
      { ...done, resolution: 'WRITTEN_OFF', status: 'AWAITING_APPROVAL', at: '' },
    ]);

    const csv = await as('operator').get(path).set('Accept', 'text/csv').expect(200);
    const { data } = Papa.parse<Record<string, string>>(csv.text.trim(), { header: true });
    const told = (nth: number) => {
      const { resolution, resolution_status, resolution_reason, resolved_at } = data[nth] ?? {};
      return [resolution, resolution_status, resolution_reason, resolved_at];
    };
    const at = (nth: number) => items[nth]?.resolution?.at;
    expect([told(0), told(1), told(2)]).to.deep.equal([
      ['', '', '', ''],
      ['EXPLAINED', 'RESOLVED', reason, at(1)],
      ['WRITTEN_OFF', 'AWAITING_APPROVAL', reason, at(2)],
    ]);
  });

  it('show a pair as it stood at the position, whatever became of the sale since', async () => {
    const path = `/v1/conciliations/${id}/items?category=MATCHED`;
    const itemsNow = async () => (await as('operator').get(path).expect(200)).body as unknown;
    const before = await itemsNow();
    expect(before).to.deep.nested.include({
      'items[0].ours.status': 'ACCEPTED',
      'items[0].ours.partnerId': '5001',
      'items[0].ours.day': '2026-01-10',
      'items[0].ours.attempts': 1,
      'items[0].theirs.id': '5001',
      'items[0].theirs.amount': '10.01',
    });
    const again = resendRequested({ saleId: saleIdOf(1) });
    const options = { expected: 3n, meta: { ...meta, commandId: 'resend' } };
    await run.eventStore.append(`sale-${saleIdOf(1)}`, saleEvents, [again], options);
    await run.catchUp();
    expect(await itemsNow()).to.deep.equal(before);
  });
});
