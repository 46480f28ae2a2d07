import { expect } from 'chai';
import supertest from 'supertest';
import { closedPeriodsIn } from '#shared/conciliation/closed-periods.ts';
import { findingEvents } from '#shared/conciliation/events.ts';
import { conciliationEvents } from '#shared/conciliation/events.ts';
import { findingIdOf } from '#shared/conciliation/identity.ts';
import type { ConciliationId } from '#shared/ids.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { resendRequested } from '#shared/sale/examples.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { meta } from '#shared/testing/recorded.ts';
import { confirmingItemsIn } from '../../adapters/postgres/conciliation/confirming.ts';
import { settleRoutes } from '../../command-api/conciliation/settle-routes.ts';
import { settleConfirmedItems } from '../../projections/conciliation/reactions.ts';
import { settleConfirmed } from '../../projections/conciliation/settling-effects.ts';
import { settleSalesThatStatementsConfirm } from '../../projections/sale/reactions.ts';
import { settleSale } from '../../projections/sale/settling-effects.ts';
import { aConciliation, type AConciliation } from '../support/a-conciliation.ts';
import { carriedOut } from '../support/carried-out.ts';
import { creditOf, csvOf, saleIdOf } from '../support/a-statement.ts';

const uncertain = (nth: number) => ({ nth, status: 'UNCERTAIN' as const });
const reason = 'The partner lists them in its statement of January';

describe('What a statement confirms', function () {
  this.timeout(180_000);
  const conciliation = aConciliation();
  let run: AConciliation;
  let id: ConciliationId;
  let settle: (key?: string) => supertest.Test;

  beforeEach(async () => {
    run = conciliation();
    await run.begin();
    await run.sold([{ nth: 1 }, uncertain(2), uncertain(3), uncertain(4)]);
    const [two, three] = [2, 3].map((nth) => creditOf(uncertain(nth), { id: `9${nth}` }));
    const four = creditOf(uncertain(4), { id: 'NaN' });
    const rows = [creditOf({ nth: 1 }), two, three, four].flatMap((row) => row ?? []);
    ({ id } = await run.send(csvOf('cashback-api', rows)));
    const { eventStore } = run;
    const closedPeriods = closedPeriodsIn(eventStore);
    const { app } = aThingApi({ routes: settleRoutes({ eventStore, closedPeriods }) });
    settle = (key = 'settle') =>
      supertest(app)
        .post(`/v1/conciliations/${id}/settle`)
        .set({ Authorization: `Bearer ${tokenOf('operator')}`, 'Idempotency-Key': key })
        .send({ reason });
  });

  /** As the projections do: what was asked for, and then what follows from that for each sale. */
  const seeTo = async () => {
    const deps = {
      ...{ eventStore: run.eventStore, clock: systemClock },
      confirmingItems: confirmingItemsIn(run.db),
    };
    for await (const { events } of run.eventStore.pages(conciliationEvents, BEGINNING))
      for (const event of events)
        if (event.type === 'ConciliationSettlementRequested')
          await carriedOut(
            settleConfirmed(deps),
            settleConfirmedItems.on.ConciliationSettlementRequested(event),
          );
    for await (const { events } of run.eventStore.pages(findingEvents, BEGINNING))
      for (const event of events) {
        if (event.type !== 'FindingResolved') continue;
        const intent = settleSalesThatStatementsConfirm.on.FindingResolved(event);
        if (intent) await carriedOut(settleSale(deps), intent);
      }
  };
  const lastOf = async (nth: number) =>
    (await run.eventStore.read(`sale-${saleIdOf(nth)}`, saleEvents)).events.at(-1);
  const findingOf = async (line: number, nth: number) => {
    const [received] = (await run.eventStore.read(`sale-${saleIdOf(nth)}`, saleEvents)).events;
    const findingId = findingIdOf(id, `${line}-${received?.position ?? ''}`);
    return (await run.eventStore.read(`finding-${findingId}`, findingEvents)).events;
  };

  it('is settled item by item, by the partner’s own ids, each once and on record', async () => {
    await settle('before').expect(409);
    await run.run(id);
    const asked = await settle().expect(202);
    expect(asked.body).to.deep.equal({ id, status: 'SETTLING', items: 3 });
    await seeTo();
    await seeTo();

    for (const [nth, partnerId] of [[2, '92'] as const, [3, '93'] as const])
      expect((await lastOf(nth))?.data).to.deep.include({ outcome: 'ACCEPTED', reason, partnerId });
    expect((await lastOf(4))?.data).to.include({ outcome: 'ACCEPTED' });
    expect((await lastOf(4))?.data).not.to.have.property('partnerId');
    const found = await findingOf(3, 2);
    expect(found.map(({ type }) => type)).to.deep.equal(['FindingResolved']);
    expect(found[0]?.data).to.deep.include({
      ...{ resolution: 'SETTLED', settles: { saleId: saleIdOf(2), partnerId: '92' } },
      by: found[0]?.data.by,
    });
    const [, , , ended] = await run.eventsOf(id);
    expect(ended).to.deep.include({ type: 'ConciliationSettled' });
    expect(ended?.data).to.include({ settled: 3, left: 0 });

    const again = await settle().expect(202);
    expect([again.headers['idempotent-replayed'], again.body]).to.deep.equal(['true', asked.body]);
    const later = await settle('another key').expect(200);
    expect(later.body).to.deep.equal({ id, status: 'SETTLED', items: 3 });
    expect(await run.eventsOf(id)).to.have.length(4);
  });

  it('leaves alone what has come to something else by then', async () => {
    await run.run(id);
    await settle().expect(202);
    const stream = `sale-${saleIdOf(2)}`;
    const { revision: expected } = await run.eventStore.read(stream, saleEvents);
    const resent = [resendRequested({ saleId: saleIdOf(2) })];
    await run.eventStore.append(stream, saleEvents, resent, { expected, meta });
    await seeTo();
    expect((await lastOf(2))?.type).to.equal('SaleResendRequested');
    expect(await findingOf(3, 2)).to.deep.equal([]);
    expect((await run.eventsOf(id)).at(-1)?.data).to.include({ settled: 2, left: 1 });
  });
});
