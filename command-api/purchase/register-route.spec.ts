import { expect } from 'chai';
import {
  type APurchaseApi,
  aPurchaseApi,
  BIA,
  TRUSTED,
  bodyOf,
  codeOf,
  pointersIn,
  purchase,
} from '../../test/support/a-purchase-api.ts';

describe('Registering a purchase', () => {
  let api: APurchaseApi;
  beforeEach(async () => {
    api = await aPurchaseApi();
  });

  it('registers a purchase of the caller’s own', async () => {
    const answer = await api.post().expect(201);
    const { id } = bodyOf(answer);
    const said = { code: 'A-1', amount: '800.00', date: '2026-01-10' };
    expect(answer.body).to.deep.equal({ id, ...said, status: 'IN_VALIDATION' });
    expect(answer.headers).to.include({ location: `/v1/purchases/${id}`, etag: '"0"' });
    expect(answer.headers).to.have.property('log-position').that.matches(/^\d+$/);
  });

  it('approves at once for one CPF, however it is written', async () => {
    const trusted = api.reseller(TRUSTED);
    for (const [code, cpf] of [
      ['1', '15350946056'],
      ['2', '153.509.460-56'],
    ])
      expect(bodyOf(await api.post({ ...purchase, code, cpf }, trusted).expect(201))).to.include({
        status: 'APPROVED',
      });
    const zero = await api.post({ ...purchase, code: '3', cpf: '08948135015' }, api.reseller(BIA));
    expect(bodyOf(zero)).to.include({ status: 'IN_VALIDATION' });
  });

  it('is for the CPF of the caller, and for any that is registered when an administrator asks', async () => {
    const refused = await api.post({ ...purchase, cpf: BIA }).expect(403);
    expect(codeOf(refused)).to.equal('not-your-cpf');
    await api.post({ ...purchase, cpf: BIA }, api.admin).expect(201);
    const nobody = { ...purchase, code: 'A-2', cpf: '39053344705' };
    expect(codeOf(await api.post(nobody, api.admin).expect(404))).to.equal('reseller-not-found');
    await api.post(purchase, api.analyst).expect(403);
  });

  it('takes a code once, whoever has it', async () => {
    await api.made();
    expect(codeOf(await api.post().expect(409))).to.equal('purchase-code-taken');
    const another = await api.post({ ...purchase, cpf: BIA }, api.reseller(BIA)).expect(409);
    expect(codeOf(another)).to.equal('purchase-code-taken');
    await api.post({ ...purchase, code: 'a-1' }).expect(201);
  });

  it('makes one of fifty that come with one code at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, nth) => api.post({ ...purchase, amount: `${nth + 1}.00` })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).to.have.length(1);
    expect(statuses.filter((status) => status === 409)).to.have.length(49);
    expect(await api.types()).to.deep.equal(['PurchaseRegistered']);
  });

  it('answers a repeat as it did the first time, and another body under the key not at all', async () => {
    const keyed = (body: object) => api.post(body).set('Idempotency-Key', 'k');
    const first = await keyed(purchase).expect(201);
    await api.patch(bodyOf(first).id, { amount: '1.00' }).expect(200);
    const again = await keyed(purchase).expect(201);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers).to.include({ 'idempotent-replayed': 'true', etag: '"0"' });
    for (const other of [
      { ...purchase, code: 'A-2' },
      { ...purchase, amount: '1.00' },
    ])
      expect(codeOf(await keyed(other).expect(422))).to.equal('idempotency-key-reused');
    expect(await api.types()).to.deep.equal(['PurchaseRegistered', 'PurchaseChanged']);
  });

  it('points at all that is wrong', async () => {
    const wrong = { ...purchase, amount: '0.00', cpf: '52998224724', date: '2026-02-04' };
    expect(pointersIn(await api.post(wrong).expect(422))).to.deep.equal([
      '/amount',
      '/date',
      '/cpf',
    ]);
    for (const amount of ['-1.00', '1', '1.5', '1.000', 100, '10000000000.00'])
      expect(pointersIn(await api.post({ ...purchase, amount }).expect(422))).to.eql(['/amount']);
    for (const date of ['2026-02-30', '10/01/2026', '2026-01-10T00:00:00Z'])
      expect(pointersIn(await api.post({ ...purchase, date }).expect(422))).to.eql(['/date']);
    for (const code of ['', ' A', 'A ', 'x'.repeat(65)])
      expect(pointersIn(await api.post({ ...purchase, code }).expect(422))).to.eql(['/code']);
    expect(
      pointersIn(await api.post({ ...purchase, status: 'APPROVED' }).expect(422)),
    ).to.deep.equal(['/status']);
    expect(await api.types()).to.deep.equal([]);
  });

  it('goes by the day that it is in São Paulo', async () => {
    api = await aPurchaseApi('2026-02-01T02:59:59.000Z');
    await api.post({ ...purchase, date: '2026-02-01' }).expect(422);
    const id = await api.made({ ...purchase, date: '2026-01-31' });
    await api.patch(id, { date: '2026-02-01' }).expect(422);
  });
});
