import { expect } from 'chai';
import {
  type APurchaseApi,
  aPurchaseApi,
  BIA,
  codeOf,
  pointersIn,
  purchase,
} from '../../test/support/a-purchase-api.ts';

describe('The purchase API', () => {
  let api: APurchaseApi;
  beforeEach(async () => {
    api = await aPurchaseApi();
  });

  it('changes what is in validation', async () => {
    const id = await api.made();
    const changed = await api.patch(id, { amount: '0.01', date: '2025-12-31' }).expect(200);
    const said = { id, code: 'A-1', amount: '0.01', date: '2025-12-31' };
    expect(changed.body).to.deep.equal({ ...said, status: 'IN_VALIDATION' });
    expect(changed.headers).to.include({ etag: '"1"' });
    expect((await api.patch(id, {}).expect(200)).headers).to.include({ etag: '"1"' });
    expect(pointersIn(await api.patch(id, { amount: '0.00' }).expect(422))).to.eql(['/amount']);
  });

  it('withdraws what is in validation, and its code stays taken', async () => {
    const id = await api.made();
    const gone = await api.remove(id).expect(204);
    expect(gone.headers).to.have.property('log-position');
    await api.remove(id).expect(204);
    expect(codeOf(await api.patch(id, { amount: '1.00' }).expect(409))).to.equal(
      'purchase-not-in-validation',
    );
    expect(codeOf(await api.post().expect(409))).to.equal('purchase-code-taken');
    expect(codeOf(await api.decide(id, 'approve').expect(409))).to.equal(
      'purchase-already-decided',
    );
  });

  it('decides once; the same verdict again is no news, another comes too late', async () => {
    const id = await api.made();
    const approved = await api.decide(id, 'approve').expect(200);
    expect(approved.body).to.deep.equal({ id, status: 'APPROVED' });
    expect((await api.decide(id, 'approve').expect(200)).headers).to.include({ etag: '"1"' });
    expect(codeOf(await api.decide(id, 'reject').expect(409))).to.equal('purchase-already-decided');
    for (const refused of [api.patch(id, { amount: '1.00' }), api.remove(id)])
      expect(codeOf(await refused.expect(409))).to.equal('purchase-not-in-validation');
    expect(await api.types()).to.deep.equal(['PurchaseRegistered', 'PurchaseApproved']);
    await api.reseller().post(`/v1/purchases/${id}/approve`).expect(403);
  });

  it('is not for other resellers, who do not hear of it', async () => {
    const id = await api.made();
    const other = api.reseller(BIA);
    expect(codeOf(await api.patch(id, { amount: '1.00' }, other).expect(404))).to.equal(
      'purchase-not-found',
    );
    await api.remove(id, other).expect(404);
    await api.patch('1', { amount: '1.00' }).expect(404);
    await api.patch(id, { amount: '1.00' }, api.admin).expect(200);
    await api.patch(id, { amount: '2.00' }, api.analyst).expect(403);
    await api.remove(id, api.admin).expect(204);
  });

  it('does nothing for a caller who saw something older', async () => {
    const id = await api.made();
    await api.patch(id, { amount: '1.00' }).expect(200);
    const stale = await api.remove(id).set('If-Match', '"0"').expect(412);
    expect(codeOf(stale)).to.equal('stale-revision');
    await api.remove(id).set('If-Match', '"1"').expect(204);
  });

  it('leaves a closed month as it is, but for verdicts', async () => {
    const december = await api.made({ ...purchase, code: 'D', date: '2025-12-31' });
    const january = await api.made();
    const february = await api.made({ ...purchase, code: 'F', date: '2026-02-01' });
    await api.closeMonth('2026-01');
    for (const refused of [
      api.post({ ...purchase, code: 'late' }),
      api.patch(january, { amount: '1.00' }),
      api.patch(january, { date: '2026-02-01' }),
      api.patch(february, { date: '2026-01-31' }),
      api.patch(december, { date: '2026-01-01' }),
      api.remove(january),
    ])
      expect(codeOf(await refused.expect(409))).to.equal('month-closed');
    await api.patch(february, { date: '2025-12-30' }).expect(200);
    await api.patch(december, { date: '2026-02-02' }).expect(200);
    await api.decide(january, 'reject').expect(200);
  });

  it('closes a month that is over, once, by an analyst', async () => {
    const close = (month: string, caller = api.analyst) =>
      caller.post(`/v1/cashback-months/${month}/close`);
    await close('2026-01', api.reseller()).expect(403);
    const closed = await close('2026-01').expect(200);
    expect(closed.body).to.deep.equal({ month: '2026-01', status: 'CLOSED' });
    expect(closed.headers).to.include({ etag: '"0"' });
    expect((await close('2026-01', api.admin).expect(200)).headers).to.include({ etag: '"0"' });
    expect(codeOf(await api.post().expect(409))).to.equal('month-closed');
    expect(codeOf(await close('2026-02').expect(409))).to.equal('month-not-over');
    for (const none of ['2026-13', '2026', 'last'])
      expect(codeOf(await close(none).expect(404))).to.equal('cashback-month-not-found');
  });
});
