import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { read, upTo, type Body } from '../support/a-reply.ts';
import { aSystem, type ASystem } from '../support/a-system.ts';
import { ask, aUser, type AUser, type Reply } from '../support/a-user.ts';
import { waitUntil } from '../support/wait-until.ts';

type Month = Body & { readonly lines: readonly Body[]; readonly adjustments: readonly Body[] };
type Listed = Body & { readonly items: readonly Body[] };
type Cashback = Body & { readonly accumulated?: Body; readonly months: readonly Month[] };

const PASSWORD = 'uma senha qualquer';
const MONTH = '2026-01';

describe('Cashback, from purchases and sales to what is paid', function () {
  this.timeout(180_000);

  let system: ASystem;
  let ana: AUser;
  let bia: AUser;
  let analyst: AUser;
  let erp: AUser;
  let operator: AUser;

  const registered = async (fullName: string, cpf: string): Promise<AUser> => {
    const email = `${fullName.toLowerCase()}@example.com`;
    const body = { fullName, cpf, email, password: PASSWORD };
    read(await ask('POST', `${system.commandApi}/v1/resellers`, { body }), 201);
    await aUser(system, email, PASSWORD);
    return aUser(system, cpf, PASSWORD);
  };
  const bought = async (by: AUser, cpf: string, code: string, amount: string): Promise<string> => {
    const date = by === ana ? `${MONTH}-15` : '2026-02-15';
    const body = { code, amount, date, cpf };
    return String(read(await by.post('/v1/purchases', body), 201)['id']);
  };
  const behaves = (behaviour: object) =>
    ask('PUT', `${system.sandbox}/sandbox/behaviour`, { body: behaviour });
  const callsOf = async (document: string) => {
    const { body } = await ask('GET', `${system.sandbox}/sandbox/requests?api=cashback`);
    const { requests } = body as { requests: readonly { readonly body?: Body }[] };
    return requests.filter(({ body: credit }) => credit?.['document'] === document).length;
  };
  const sold = async (document: string): Promise<string> => {
    const products = [
      { type: 'A', value: '10.00', qty: 1 },
      { type: 'B', value: '10.00', qty: 9 },
    ];
    const customer = { document, name: 'JOSE DA SILVA' };
    const sale = { sold_at: '2026-01-02 00:00:00', customer, total: '100.00', products };
    const made = read(await erp.post('/api/cashback', sale), 201);
    expect(made).to.include({ status: 'CALCULATED', cashback: '14.00' });
    return String(made['id']);
  };
  const comesTo = async (id: string, status: string): Promise<Body> => {
    let sale: Body = {};
    const isSo = async () => {
      sale = (await operator.get(`/v1/sales/${id}`)).body as Body;
      return sale['status'] === status;
    };
    await waitUntil(`sale ${id} is ${status}`, isSo);
    return sale;
  };

  const shownToBia = async (path: string): Promise<Reply> => {
    await waitUntil('the purchase shows', async () => (await bia.get(path)).status === 200);
    return bia.get(path);
  };

  before(async () => {
    system = await aSystem({ EFFECT_RETRY_BASE_MS: '50', EFFECT_MAX_ATTEMPTS: '2' });
    await system.start();
    [analyst, erp, operator, ana, bia] = await Promise.all([
      ...['analyst1', 'erp', 'operator'].map((name) => aUser(system, name)),
      registered('Ana', '089.481.350-15'),
      registered('Bia', '15350946056'),
    ] as [Promise<AUser>, Promise<AUser>, Promise<AUser>, Promise<AUser>, Promise<AUser>]);
  });
  after(() => system.remove());

  it('follows what a reseller buys, and pays a closed month once', async () => {
    const first = await bought(ana, '08948135015', 'A-1', '800.00');
    const second = await bought(ana, '089.481.350-15', 'A-2', '1.00');
    const changed = await ana.patch(`/v1/purchases/${second}`, { amount: '300.00' });
    const list = read(await ana.get('/v1/purchases', upTo(changed))) as Listed;
    const columns = ['code', 'cashbackPercent', 'cashbackAmount', 'status'];
    expect(list.items.map((item) => columns.map((name) => item[name]))).to.deep.equal([
      ['A-2', '15', '45.00', 'IN_VALIDATION'],
      ['A-1', '15', '120.00', 'IN_VALIDATION'],
    ]);

    const closed = await analyst.post(`/v1/cashback-months/${MONTH}/close`);
    read(closed);
    const late = await ana.patch(`/v1/purchases/${first}`, { amount: '1.00' });
    expect(read(late, 409)).to.include({ code: 'month-closed' });
    const months = async () =>
      (read(await ana.get('/v1/resellers/me/cashback?accumulated=false')) as Cashback).months;
    await waitUntil(
      'the month is granted',
      async () => (await months())[0]?.['status'] === 'CLOSED',
    );
    read(await analyst.post(`/v1/purchases/${second}/reject`, { reason: 'Sem nota' }));
    // Months and what is booked in them are two views, and each keeps up by itself.
    await waitUntil(
      'the late verdict is booked',
      async () => (await months())[0]?.adjustments.length === 1,
    );
    const [open, granted] = await months();
    expect(granted).to.include({ purchased: '1100.00', percent: '15', cashback: '165.00' });
    expect(granted?.lines.map(({ cashback }) => cashback)).to.have.members(['120.00', '45.00']);
    // 800.00 alone is in the band of 10 %.
    expect(open?.adjustments).to.have.length(1);
    expect(open).to.include({ status: 'OPEN', cashback: '-85.00' });
  });

  it('keeps resellers apart, and approves at once for one CPF alone', async () => {
    const id = await bought(bia, '15350946056', 'B-1', '1500.01');
    const path = `/v1/purchases/${id}`;
    const approved = read(await shownToBia(path));
    expect(approved).to.include({
      status: 'APPROVED',
      cashbackPercent: '20',
      cashbackAmount: '300.00',
    });
    read(await ana.get(path), 404);
    read(await ana.patch(path, { amount: '1.00' }), 404);
    read(await ana.remove(path), 404);
    const forBia = { code: 'A-9', amount: '1.00', date: '2026-02-15', cpf: '15350946056' };
    expect(read(await ana.post('/v1/purchases', forBia), 403)).to.include({ code: 'not-your-cpf' });
  });

  it('passes on what the partner says is accumulated, or that it cannot be asked', async () => {
    const balance = async (status: number) =>
      read(await bia.get('/v1/resellers/me/cashback'), status);
    await behaves({ api: 'balance', mode: 'inner-error', times: 1 });
    expect(await balance(502)).to.include({
      code: 'cashback-api-refused',
      detail: 'Falha simulada',
    });
    const { accumulated } = (await balance(200)) as Cashback;
    expect(accumulated).to.deep.equal({ credit: 15_350_946_056 % 5_000 });
    await behaves({ api: 'balance', mode: 'garbage' });
    const other = await ana.get('/v1/resellers/me/cashback');
    expect(read(other, 503)).to.include({ code: 'cashback-api-unavailable' });
    await behaves({ api: 'balance', mode: 'ok' });
  });

  it('forwards what a sale gives once, and shows what came of it', async () => {
    const document = '52998224725';
    const sale = await comesTo(await sold(document), 'ACCEPTED');
    expect(sale['attempts']).to.have.nested.property('[0].httpStatus', 201);
    expect(await callsOf(document)).to.equal(1);
  });

  it('leaves to people what nobody knows, and sends again what they want sent', async () => {
    const document = '39053344705';
    await behaves({ api: 'cashback', mode: 'drop-after', only: document, times: 1 });
    const id = await sold(document);
    await comesTo(id, 'UNCERTAIN');
    expect(await callsOf(document)).to.equal(1);
    read(await operator.post(`/v1/sales/${id}/resend`, { reason: 'Não está no extrato' }), 202);
    await comesTo(id, 'ACCEPTED');
    expect(await callsOf(document)).to.equal(2);
    const again = await operator.post(`/v1/sales/${id}/resend`, { reason: 'Outra vez' });
    expect(read(again, 409)).to.include({ code: 'sale-already-accepted' });
  });

  it('gives up what fails for certain, and shows it among the effects until it is resent', async () => {
    const document = '11144477735';
    await behaves({ api: 'cashback', mode: 'status', status: 500, only: document, times: 2 });
    const id = await sold(document);
    await comesTo(id, 'FAILED');
    await waitUntil('it is parked', async () => {
      const { items } = read(await operator.get('/v1/effects?status=PARKED')) as Listed;
      const forwarding = items.filter(({ kind }) => kind === 'forward-cashback');
      return forwarding.length === 1 && forwarding[0]?.['stream'] === `sale-${id}`;
    });
    read(await operator.post(`/v1/sales/${id}/resend`, { reason: 'Está de volta' }), 202);
    await comesTo(id, 'ACCEPTED');
    expect(await callsOf(document)).to.equal(3);
  });

  it('keeps a refused sale with what was sent', async () => {
    const refused = read(await erp.post('/v1/cashback', { total: '1e3', products: [] }), 422);
    expect(refused).to.include({ code: 'invalid-sale' });
    const id = String(refused['saleId']);
    const kept = await comesTo(id, 'REFUSED');
    expect(kept['received']).to.deep.equal({ total: '1e3', products: [] });
  });

  it('asks the partner for nothing when every view is made anew', async () => {
    const asked = async () =>
      (await ask('GET', `${system.sandbox}/sandbox/requests?api=cashback`)).body as Body;
    const before = (await asked())['total'];
    const replayed = spawnSync(process.execPath, [resolve('cli/lastro.mjs'), 'replay', '--all'], {
      ...{ env: system.environment, encoding: 'utf8' },
    });
    expect(replayed.status, `${replayed.stdout}\n${replayed.stderr}`).to.equal(0);
    // A sale that comes afterwards is forwarded: what would have been sent before it has been.
    await comesTo(await sold('52998224725'), 'ACCEPTED');
    expect((await asked())['total']).to.equal(Number(before) + 1);
  });
});
