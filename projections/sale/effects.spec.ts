import { expect } from 'chai';
import { Permanent } from '#shared/effect/permanent.ts';
import { sale as saleDecider } from '#shared/sale/decider.ts';
import {
  aBuyer,
  anOperator,
  aSale,
  calculated,
  received,
  resendRequested,
  settled,
} from '#shared/sale/examples.ts';
import { PartnerAway } from '#shared/sale/ports.ts';
import { failure } from '#shared/testing/failure.ts';
import { aDueSale, died, dueStream, partnerSays } from '../../test/support/a-due-sale.ts';
import { forwardCashbackOfSales } from './reactions.ts';

describe('The cashback of a sale', () => {
  it('is to be forwarded when it was received and when an operator wants it, in its buyer’s order', () => {
    const intents = [received(), resendRequested()].map((event) =>
      forwardCashbackOfSales.on[event.type](event as never),
    );
    const intent = { kind: 'forward-cashback', stream: dueStream, data: { saleId: aSale } };
    expect(intents).to.deep.equal([1, 2].map(() => ({ ...intent, sequence: `buyer-${aBuyer}` })));
    expect(forwardCashbackOfSales.on.CashbackCalculated(calculated() as never)).to.equal(undefined);
    expect(forwardCashbackOfSales.begin).to.equal('beginning');
  });

  it('is forwarded with the attempt on record before and the outcome after', async () => {
    const { process, calls, events, types } = await aDueSale();
    await process(partnerSays.accepted).carryOut();
    expect(calls).to.deep.equal([
      { document: '52998224725', cashback: '14.00', key: aSale, before: 1 },
    ]);
    expect(await types()).to.deep.equal(['CashbackForwardAttempted', 'CashbackAccepted']);
    const outcome = (await events()).at(-1);
    expect(outcome?.data).to.include({ attempt: 1, partnerId: '77', httpStatus: 201, body: '{}' });
    expect(outcome?.meta).to.deep.include({ causationId: anOperator, correlationId: 'c-1' });
    expect(outcome?.meta.actor).to.deep.equal({ id: 'forward-cashback', role: 'system' });
  });

  it('is forwarded once, though the job comes twice', async () => {
    const { process, calls, types } = await aDueSale();
    const one = process(partnerSays.accepted);
    await one.carryOut();
    await one.carryOut();
    await process(partnerSays.accepted).carryOut();
    expect([calls.length, (await types()).length]).to.deep.equal([1, 2]);
  });

  it('is tried again when it failed, and not when the partner does not want it', async () => {
    const { process, calls, types } = await aDueSale();
    expect(await failure(process(partnerSays.failed).carryOut())).to.include({
      message: 'HTTP 500',
    });
    expect(await failure(process(partnerSays.refused).carryOut())).to.be.instanceOf(Permanent);
    await process(partnerSays.accepted).carryOut();
    expect(calls).to.have.length(3);
    expect(await types()).to.deep.equal([
      ...['CashbackForwardAttempted', 'CashbackForwardFailed'],
      ...['CashbackForwardAttempted', 'CashbackForwardFailed'],
      ...['CashbackForwardAttempted', 'CashbackAccepted'],
    ]);
  });

  it('is not tried again when nobody knows what became of it', async () => {
    const { process, calls, types } = await aDueSale();
    const one = process(partnerSays.unknown);
    await one.carryOut();
    await one.carryOut();
    await process(partnerSays.accepted).carryOut();
    expect(calls).to.have.length(1);
    expect(await types()).to.deep.equal(['CashbackForwardAttempted', 'CashbackForwardUncertain']);
  });

  it('is not called for at all while the partner is left in peace', async () => {
    const { process, store, types } = await aDueSale();
    const away = () => Promise.reject(new PartnerAway('Not now'));
    const tried = process(partnerSays.accepted, store, away).carryOut();
    expect(await failure(tried)).to.be.instanceOf(PartnerAway);
    expect(await types()).to.deep.equal([]);
  });

  describe('given up', () => {
    it('is on record as such, once in a round, and may be tried afresh', async () => {
      const { process, calls, types } = await aDueSale();
      const one = process(partnerSays.failed);
      await failure(one.carryOut());
      await one.park();
      await one.park();
      expect((await types()).slice(2)).to.deep.equal(['CashbackForwardGivenUp']);
      await failure(one.carryOut());
      await one.park(1);
      expect(calls).to.have.length(2);
      expect((await types()).slice(5)).to.deep.equal(['CashbackForwardGivenUp']);
      await process(partnerSays.accepted).carryOut();
      expect((await types()).at(-1)).to.equal('CashbackAccepted');
    });

    it('because every process died of it, is not known to have failed', async () => {
      const { process, calls, types } = await aDueSale();
      void process(died).carryOut();
      while (calls.length === 0) await new Promise(setImmediate);
      await process(partnerSays.failed).park();
      expect(await types()).to.deep.equal(['CashbackForwardAttempted', 'CashbackForwardUncertain']);
    });
  });

  describe('settled by an operator', () => {
    it('is not called for any more, until they want it resent', async () => {
      const { process, calls, happens } = await aDueSale();
      await process(partnerSays.unknown).carryOut();
      await happens(settled({ outcome: 'FAILED' }), 'settle');
      await process(partnerSays.accepted).carryOut();
      expect(calls).to.have.length(1);
      await happens(resendRequested(), 'resend');
      await process(partnerSays.accepted).carryOut();
      expect(calls).to.have.length(2);
    });
  });

  describe('of a person who was erased', () => {
    it('is not forwarded, and that is on record', async () => {
      const { process, calls, keys, types } = await aDueSale();
      await keys.destroy(aBuyer);
      await process(partnerSays.accepted).carryOut();
      await process(partnerSays.accepted).carryOut();
      expect(calls).to.deep.equal([]);
      expect(await types()).to.deep.equal(['CashbackForwardGivenUp']);
    });

    it('while it was under way keeps its outcome, and not what was said of them', async () => {
      const { process, keys, events } = await aDueSale();
      await process(() => keys.destroy(aBuyer).then(() => partnerSays.accepted)).carryOut();
      const all = await events();
      const state = all.reduce(saleDecider.evolve, saleDecider.initialState);
      expect(state.status).to.equal('ACCEPTED');
      expect(all.at(-1)?.data).to.include({ body: null, partnerId: '77' });
    });
  });

  it('is not begun when the process is about to stop', async () => {
    const { process, calls, types } = await aDueSale();
    await failure(process(partnerSays.accepted).carryOut(AbortSignal.abort()));
    expect([calls, await types()]).to.deep.equal([[], []]);
  });
});
