import { expect } from 'chai';
import { anErp, erpSale } from '#shared/sale/examples.ts';
import { aSaleApi, first, idIn, problemIn } from '../../test/support/a-sale-api.ts';

const MARIA = { document: '52998224725', name: 'MARIA' };

describe('The sale API', () => {
  it('takes a sale, and says what cashback it gives, line by line', async () => {
    const { send } = aSaleApi();
    const answer = await send(erpSale).expect(201);
    const id = idIn(answer);
    expect(answer.body).to.deep.equal({
      id,
      status: 'CALCULATED',
      cashback: '14.00',
      ruleSet: '1',
      lines: [
        { type: 'A', value: '10.00', qty: 1, percent: '5', cashback: '0.50' },
        { type: 'B', value: '10.00', qty: 9, percent: '15', cashback: '13.50' },
      ],
    });
    expect(answer.headers).to.include({ etag: '"1"', location: `/v1/sales/${id}` });
    expect(answer.headers).to.have.property('log-position').that.matches(/^\d+$/);
  });

  it('puts on record what was sold, what it gives, and who sent it', async () => {
    const { send, saleOf, log } = aSaleApi();
    const events = await saleOf(idIn(await send(erpSale).expect(201)));
    expect(events.map(({ type }) => type)).to.deep.equal(['SaleReceived', 'CashbackCalculated']);
    expect(first(events, 'SaleReceived')).to.deep.include({
      receivedFrom: anErp,
      document: '52998224725',
      name: 'JOSE DA SILVA',
      soldAt: '2026-01-02T03:00:00.000Z',
      soldOn: '2026-01-02',
      totalInCents: 10_000,
      warnings: [],
    });
    expect(first(events, 'CashbackCalculated').lines).to.deep.equal([
      [1_000, '5', 50],
      [9_000, '15', 1_350],
    ]);
    expect(events[0]?.meta.actor).to.deep.equal({ id: anErp, role: 'erp' });
    expect(JSON.stringify((await log()).map(({ data }) => data))).to.not.match(/JOSE|52998224725/);
  });

  it('knows a buyer by their CPF, however it is written', async () => {
    const { send, log } = aSaleApi();
    await send(erpSale).expect(201);
    await send({ ...erpSale, customer: { ...erpSale.customer, document: '529.982.247-25' } });
    const subjects = (await log()).flatMap(({ data }) =>
      'subjectId' in data ? data.subjectId : [],
    );
    expect(new Set(subjects).size).to.equal(1);
    expect(subjects).to.have.length(2);
  });

  it('warns of a document that is known under another name, and refuses nobody for it', async () => {
    const { send, saleOf } = aSaleApi();
    const warningsOf = async (name: string) => {
      const sale = { ...erpSale, customer: { ...MARIA, name } };
      return first(await saleOf(idIn(await send(sale).expect(201))), 'SaleReceived').warnings;
    };
    const known = idIn(await send(erpSale).expect(201));
    expect(await warningsOf('José da Silva')).to.deep.equal([]);
    const warning = { code: 'known-by-another-name', saleId: known };
    expect(await warningsOf('MARIA')).to.deep.equal([warning]);
    expect(await warningsOf('MARIA')).to.deep.equal([]);
    expect(await warningsOf(' ')).to.deep.equal([]);
  });

  it('knows who may send sales, and who may see to them', async () => {
    const { nobody, as, log } = aSaleApi();
    await nobody.post('/v1/cashback').send(erpSale).expect(401);
    for (const role of ['partner', 'operator', 'auditor', 'reseller'] as const)
      await as(role).post('/v1/cashback').type('json').send('{').expect(403);
    await as('erp').post(`/v1/sales/${anErp}/resend`).send({ reason: 'x' }).expect(403);
    await as('auditor').post(`/v1/sales/${anErp}/settle`).send({}).expect(403);
    await as('admin').post('/v1/cashback').send(erpSale).expect(201);
    expect(await log()).to.have.length(2);
  });

  describe('asked again', () => {
    it('under the same key gives the same answer and adds nothing, on either path', async () => {
      const { send, log } = aSaleApi();
      const made = await send(erpSale, { key: 'k' }).expect(201);
      const paths = ['/v1/cashback', '/api/cashback', '/v1/cashback'];
      for (const path of paths) {
        const again = await send(erpSale, { key: 'k', path }).expect(201);
        expect(again.body).to.deep.equal(made.body);
        expect(again.headers).to.include({ 'idempotent-replayed': 'true', etag: '"1"' });
      }
      const other = await send({ ...erpSale, total: '1.00' }, { key: 'k' }).expect(422);
      expect(problemIn(other).code).to.equal('idempotency-key-reused');
      expect(await log()).to.have.length(2);
      expect(idIn(await send(erpSale, { path: '/api/cashback' }))).to.not.equal(idIn(made));
    });

    it('at the same moment, fifty times, makes one sale', async () => {
      const { send, log } = aSaleApi();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => send(erpSale, { key: 'k' }).expect(201)),
      );
      expect(new Set(answers.map(idIn)).size).to.equal(1);
      expect(await log()).to.have.length(2);
    });

    it('without a key is another sale, fifty of one buyer at a time', async () => {
      const { send, log } = aSaleApi();
      const names = ['JOSE', 'MARIA', 'ANA', 'RUI', 'EVA'];
      await Promise.all(
        Array.from({ length: 50 }, (_, nth) =>
          send({ ...erpSale, customer: { ...MARIA, name: names[nth % 5] } }).expect(201),
        ),
      );
      expect(await log()).to.have.length(100);
    });
  });
});
