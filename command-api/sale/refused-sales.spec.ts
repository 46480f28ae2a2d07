import { expect } from 'chai';
import { StoreAway } from '#shared/kernel/event-store.ts';
import { personOf } from '#shared/kernel/person.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { anErp, erpSale } from '#shared/sale/examples.ts';
import type { SaleEvent } from '#shared/sale/events.ts';
import { failure } from '#shared/testing/failure.ts';
import { aSaleApi, first, hash, idIn, problemIn } from '../../test/support/a-sale-api.ts';

const buyer = personOf(hash, '52998224725' as Cpf);
const wrongTotal = { ...erpSale, total: '99.00' };
const nobodys = { ...erpSale, customer: { document: '12312312323', name: 'JOSE' } };

/** All of what was sent, put together again. */
const receivedIn = (events: readonly SaleEvent[]) =>
  events.flatMap(({ data }) => ('received' in data ? [data.received] : [])).join('');

describe('A sale that is refused', () => {
  it('is answered with what is wrong, and under which id it is kept', async () => {
    const { send, saleOf } = aSaleApi();
    const answer = await send(wrongTotal).expect(422);
    const { saleId, ...problem } = problemIn(answer);
    expect(problem).to.deep.include({
      type: '/problems/invalid-sale',
      status: 422,
      code: 'invalid-sale',
      errors: [
        { pointer: '/total', code: 'total-mismatch', message: 'is not the sum of value x qty' },
      ],
    });
    expect(answer.headers).to.have.property('log-position').that.matches(/^\d+$/);

    const events = await saleOf(saleId);
    expect(events.map(({ type }) => type)).to.deep.equal(['SaleRefused']);
    expect(first(events, 'SaleRefused')).to.deep.include({
      receivedFrom: anErp,
      subjectId: buyer,
      reasons: ['total-mismatch'],
      errorsInAll: 1,
      soldAt: '2026-01-02T03:00:00.000Z',
      soldOn: '2026-01-02',
      totalInCents: 9_900,
    });
  });

  it('is kept to the letter, whatever JSON it is', async () => {
    const { send, saleOf } = aSaleApi();
    const texts = [
      ...[
        '[]',
        'null',
        '7',
        '"sale"',
        ' {"total" : 1.0, "total":1e3 }\n',
        '{"a":"\\ud800\\u0000"}',
      ],
      ...['{"a":"🎉 ação"}', '['.repeat(300_000) + ']'.repeat(300_000), '{}'],
    ];
    for (const text of texts) {
      const { saleId, code } = problemIn(await send(text).expect(422));
      expect(code).to.equal('invalid-sale');
      expect(receivedIn(await saleOf(saleId)) === text, text.slice(0, 20)).to.equal(true);
    }
  });

  it('is kept when nothing was sent at all', async () => {
    const { erp, saleOf } = aSaleApi();
    const { saleId } = problemIn(await erp.post('/v1/cashback').expect(422));
    expect(first(await saleOf(saleId), 'SaleRefused')).to.include({
      received: '',
      soldOn: '2026-01-15',
    });
  });

  it('leaves no trace where there was no JSON to be kept', async () => {
    const { erp, send, log } = aSaleApi();
    await send('{"sold_at":').expect(400);
    await erp.post('/v1/cashback').type('text').send('sale').expect(415);
    await send(JSON.stringify('x'.repeat(2 ** 20))).expect(413);
    expect(await log()).to.deep.equal([]);
  });

  it('stands in the log under the key of its buyer, or of that sale alone, and never in clear', async () => {
    const { send, saleOf, log, keys } = aSaleApi();
    const [theirs, own] = [
      problemIn(await send(wrongTotal).expect(422)).saleId,
      problemIn(await send(nobodys).expect(422)).saleId,
    ];
    const stored = JSON.stringify((await log()).map(({ data }) => data));
    expect(stored).to.not.match(/JOSE|52998224725|12312312323/);

    await keys.destroy(buyer);
    expect(first(await saleOf(theirs), 'SaleRefused').received).to.equal(null);
    expect(first(await saleOf(own), 'SaleRefused').received).to.include('12312312323');
  });

  it('is the same one when it comes again under its key, on either path', async () => {
    const { send, log } = aSaleApi();
    const answer = await send(wrongTotal, { key: 'k' }).expect(422);
    for (const path of ['/v1/cashback', '/api/cashback']) {
      const again = await send(wrongTotal, { key: 'k', path }).expect(422);
      const { saleId, errors, code } = problemIn(again);
      expect({ saleId, errors, code }).to.deep.equal({
        saleId: problemIn(answer).saleId,
        errors: problemIn(answer).errors,
        code: 'invalid-sale',
      });
      expect(again.headers).to.include({ 'idempotent-replayed': 'true' });
    }
    const mended = await send(erpSale, { key: 'k' }).expect(422);
    expect(problemIn(mended).code).to.equal('idempotency-key-reused');
    expect(await log()).to.have.length(1);
    await send(erpSale, { key: 'another' }).expect(201);
  });

  it('tells the first hundred of its errors, and how many there are', async () => {
    const { send, saleOf } = aSaleApi();
    const products = Array.from({ length: 5_000 }, () => ({ type: 'E', value: '1,00', qty: 1 }));
    const { errors, detail, saleId } = problemIn(await send({ ...erpSale, products }).expect(422));
    expect(errors).to.have.length(100);
    expect(detail).to.equal('10000 errors, of which the first 100 are shown.');
    expect(first(await saleOf(saleId), 'SaleRefused')).to.deep.include({
      errorsInAll: 10_000,
      reasons: ['no-amount', 'unknown-type'],
    });
    const long = problemIn(await send({ ['x'.repeat(10_000)]: 1 }).expect(422)).errors;
    expect(Math.max(...long.map(({ pointer }) => pointer.length))).to.equal(200);
  });

  describe('that is larger than an event', () => {
    const large = `{"a":"${'ção🎉'.repeat(80_000)}"}`;

    it('is kept in parts, each character in one piece', async () => {
      const { send, saleOf } = aSaleApi();
      const events = await saleOf(problemIn(await send(large).expect(422)).saleId);
      expect(events.length).to.be.greaterThan(1);
      expect(first(events, 'SaleRefused').parts).to.equal(events.length);
      expect(receivedIn(events) === large).to.equal(true);
      for (const { data } of events)
        expect(JSON.stringify(data).length, 'in an append').to.be.lessThan(2 ** 20);
    });

    it('is kept in full by whoever asks again, when the first attempt was cut short', async () => {
      const { send, saleOf, eventStore } = aSaleApi();
      const { append } = eventStore;
      let appends = 0;
      Object.assign(eventStore, {
        append: (...asked: Parameters<typeof append>) =>
          ++appends === 2 ? Promise.reject(new StoreAway('No answer')) : append(...asked),
      });
      await send(large, { key: 'k' }).expect(503);
      const { saleId } = problemIn(await send(large, { key: 'k' }).expect(422));
      expect(receivedIn(await saleOf(saleId)) === large).to.equal(true);
      const kept = (await saleOf(saleId)).length;
      expect(problemIn(await send(large, { key: 'k' }).expect(422)).saleId).to.equal(saleId);
      expect(await saleOf(saleId)).to.have.length(kept);
    });
  });

  describe('since its buyer was erased', () => {
    it('is kept without a word of what was sent', async () => {
      const { send, saleOf, keys } = aSaleApi();
      const earlier = idIn(await send(erpSale).expect(201));
      await keys.destroy(buyer);
      for (const sent of [erpSale, wrongTotal]) {
        const { saleId, errors } = problemIn(await send(sent, { key: sent.total }).expect(422));
        expect(errors.map(({ code }) => code)).to.deep.equal(['person-erased']);
        const kept = first(await saleOf(saleId), 'SaleRefused');
        expect(kept).to.include({ subjectId: buyer, received: null, errors: null });
        const again = problemIn(await send(sent, { key: sent.total }).expect(422));
        expect(again.saleId).to.equal(saleId);
      }
      expect(first(await saleOf(earlier), 'SaleReceived').name).to.equal(null);
      expect(await failure(keys.obtain([buyer]))).to.include({ name: 'Erased' });
    });

    it('still answers a repeat of what was refused before, as far as it is known', async () => {
      const { send, keys } = aSaleApi();
      const { saleId } = problemIn(await send(wrongTotal, { key: 'k' }).expect(422));
      await keys.destroy(buyer);
      const again = problemIn(await send(wrongTotal, { key: 'k' }).expect(422));
      expect(again.saleId).to.equal(saleId);
      expect(again.errors.map(({ code }) => code)).to.deep.equal(['total-mismatch']);
    });
  });
});
