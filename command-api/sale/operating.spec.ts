import { expect } from 'chai';
import { anErp, erpSale } from '#shared/sale/examples.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { aSaleApi, first, idIn, problemIn } from '../../test/support/a-sale-api.ts';

describe('A request about a sale', () => {
  const uncertain = async () => {
    const { send, eventStore, as, saleOf } = aSaleApi();
    const id = idIn(await send(erpSale).expect(201));
    const [received] = await saleOf(id);
    const { saleId, subjectId, at } = first(await saleOf(id), 'SaleReceived');
    const attempt = { saleId, subjectId, at, attempt: 1 };
    const meta = { ...(received?.meta ?? expect.fail('Nothing was received')), commandId: 'c' };
    const why = { body: null, why: 'timed-out', error: 'No answer' } as const;
    await eventStore.append(
      `sale-${id}`,
      saleEvents,
      [
        { type: 'CashbackForwardAttempted', data: attempt },
        { type: 'CashbackForwardUncertain', data: { ...attempt, ...why } },
      ],
      { expected: 1n, meta },
    );
    const post = (what: string, body: object, headers: Record<string, string> = {}) =>
      as('operator').post(`/v1/sales/${id}/${what}`).set(headers).send(body);
    const types = async () => (await saleOf(id)).slice(4).map(({ type }) => type);
    return { id, post, types, saleOf, as };
  };
  const reason = 'They never got it';

  it('puts on record who wants it, and why', async () => {
    const { id, post, saleOf, types } = await uncertain();
    const answer = await post('resend', { reason }).expect(202);
    expect(answer.body).to.deep.equal({ id, status: 'CALCULATED' });
    expect(answer.headers).to.include({ etag: '"4"' });
    expect(first(await saleOf(id), 'SaleResendRequested').reason).to.equal(reason);
    await post('resend', { reason }).expect(202);
    expect(await types()).to.deep.equal(['SaleResendRequested']);
  });

  it('settles what nobody knew, once, and the same under the same key', async () => {
    const { id, post, saleOf, types } = await uncertain();
    const settlement = { outcome: 'ACCEPTED', reason, partnerId: '77' };
    const key = { 'Idempotency-Key': 'k' };
    const answer = await post('settle', settlement, key).expect(200);
    expect(answer.body).to.deep.equal({ id, status: 'ACCEPTED' });
    await post('settle', settlement, key).expect(200);
    expect(problemIn(await post('settle', settlement).expect(409)).code).to.equal(
      'sale-not-uncertain',
    );
    expect(problemIn(await post('resend', { reason }).expect(409)).code).to.equal(
      'sale-already-accepted',
    );
    expect(first(await saleOf(id), 'SaleSettled')).to.include({ partnerId: '77' });
    expect(await types()).to.deep.equal(['SaleSettled']);
  });

  it('wants a reason, an outcome, and what the operator has seen last', async () => {
    const { post, types } = await uncertain();
    for (const body of [{}, { reason: '' }, { reason, outcome: 'ACCEPTED' }])
      await post('resend', body).expect(422);
    for (const body of [{ reason }, { outcome: 'UNCERTAIN', reason }, { outcome: 'ACCEPTED' }])
      await post('settle', body).expect(422);
    const pointless = { outcome: 'FAILED', reason, partnerId: '77' };
    const { errors } = problemIn(await post('settle', pointless).expect(422));
    expect(errors[0]?.pointer).to.equal('/partnerId');
    await post('resend', { reason }, { 'If-Match': '"1"' }).expect(412);
    expect(await types()).to.deep.equal([]);
  });

  it('knows nothing of a sale that is not there', async () => {
    const { as } = aSaleApi();
    for (const id of ['1', anErp]) {
      const answer = await as('operator').post(`/v1/sales/${id}/resend`).send({ reason });
      expect([answer.status, problemIn(answer).code]).to.deep.equal([404, 'sale-not-found']);
    }
  });
});
