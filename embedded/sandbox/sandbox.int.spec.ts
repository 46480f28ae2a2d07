import { expect } from 'chai';
import type { Instant } from '#shared/kernel/message.ts';
import { logger } from '#shared/platform/log.ts';
import { anApp, serve, type HttpServer } from '../http.ts';
import { aMain, endMains } from '../testing/a-main.ts';
import { failureOf } from '../testing/eventually.ts';
import type { Received } from './requests.ts';
import { sandboxRoutes } from './sandbox.ts';

const noon = '2026-01-15T12:00:00Z' as Instant;
const CREDIT = { document: '52998224725', cashback: '14.00' };

describe('The partner sandbox', function () {
  this.timeout(90_000);

  let server: HttpServer;
  let stopping: AbortController;

  const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;
  const json = { 'content-type': 'application/json' };
  const post = (body: object = CREDIT) =>
    fetch(at('/cashback'), { method: 'POST', headers: json, body: JSON.stringify(body) });
  const tell = (order: object) =>
    fetch(at('/sandbox/behaviour'), { method: 'PUT', headers: json, body: JSON.stringify(order) });
  const received = async (api = 'cashback') =>
    (await (await fetch(at(`/sandbox/requests?api=${api}`))).json()) as {
      total: number;
      requests: Received[];
    };

  beforeEach(async () => {
    stopping = new AbortController();
    const routes = sandboxRoutes({
      token: 'sandbox-token',
      clock: () => noon,
      stopping: stopping.signal,
    });
    server = await serve(anApp().use(routes), 0, 'PORT', logger('sandbox', 'silent'));
  });
  afterEach(async () => {
    stopping.abort();
    endMains();
    await server.close();
  });

  it('answers like the three partners', async () => {
    const credited = await post();
    expect(credited.status).to.equal(201);
    expect(await credited.json()).to.deep.include({ ...CREDIT, createdAt: noon });

    const balance = await fetch(at('/v1/cashback?cpf=15350946056'), {
      headers: { token: 'sandbox-token' },
    });
    expect(await balance.json()).to.deep.equal({ statusCode: 200, body: { credit: 1_056 } });

    const page = (await (await fetch(at('/api/product/?page=2'))).json()) as {
      products: { id: string }[];
    };
    const [product] = page.products;
    const found = await fetch(at(`/api/product/${product?.id ?? ''}/`));
    expect(await found.json()).to.deep.equal(product);
    expect((await fetch(at('/api/product/none/'))).status).to.equal(404);
  });

  it('gives every credit an id of its own', async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(async () => ((await (await post()).json()) as { id: string }).id),
    );
    expect(new Set(ids).size).to.equal(3);
    for (const id of ids) expect(id).to.match(/^\d+$/);
  });

  it('keeps and counts what it received, by API, until it is told to forget', async () => {
    await fetch(at('/cashback'), {
      method: 'POST',
      headers: { ...json, 'idempotency-key': 'intent-1' },
      body: JSON.stringify(CREDIT),
    });
    await fetch(at('/api/product/none/'));
    const { total, requests } = await received();
    expect(total).to.equal(1);
    expect(requests[0]).to.deep.include({
      api: 'cashback',
      at: noon,
      method: 'POST',
      path: '/cashback',
      body: CREDIT,
      mode: 'ok',
    });
    expect(requests[0]?.headers).to.include({ 'idempotency-key': 'intent-1' });
    expect((await received('product')).total).to.equal(1);

    await fetch(at('/sandbox/requests'), { method: 'DELETE' });
    expect(await received()).to.deep.equal({ total: 0, requests: [] });
  });

  it('fails with a status as often as it was told to, and then does its work', async () => {
    await tell({ api: 'cashback', mode: 'status', status: 503, body: { why: 'busy' }, times: 2 });
    for (let attempt = 0; attempt < 2; attempt++) {
      const answer = await post();
      expect(answer.status).to.equal(503);
      expect(await answer.json()).to.deep.equal({ why: 'busy' });
    }
    expect((await post()).status).to.equal(201);
    expect((await received()).requests.map(({ mode }) => mode)).to.deep.equal([
      'status',
      'status',
      'ok',
    ]);
    expect((await fetch(at('/api/product/'))).status).to.equal(200);
  });

  it('fails until told otherwise, and only those requests that are meant', async () => {
    await tell({ api: 'cashback', mode: 'status', only: '11144477735' });
    const other = { ...CREDIT, document: '11144477735' };
    const statuses = [];
    for (const body of [other, CREDIT, other, CREDIT]) statuses.push((await post(body)).status);
    expect(statuses).to.deep.equal([500, 201, 500, 201]);
    await fetch(at('/sandbox/behaviour'), { method: 'DELETE' });
    expect((await post(other)).status).to.equal(201);
  });

  it('hangs up before it has read a request, or after, without a word', async () => {
    await tell({ api: 'cashback', mode: 'drop-before', times: 1 });
    await failureOf(post());
    await tell({ api: 'cashback', mode: 'drop-after', times: 1 });
    await failureOf(post());
    await tell({ api: 'cashback', mode: 'drop-before', times: 1, only: '52998224725' });
    await failureOf(post());
    const { requests } = await received();
    expect(requests.map(({ mode, body }) => [mode, body])).to.deep.equal([
      ['drop-before', undefined],
      ['drop-after', CREDIT],
      ['drop-before', undefined],
    ]);
  });

  it('breaks off in the middle of an answer', async () => {
    await tell({ api: 'cashback', mode: 'break-off', times: 1 });
    const answer = await post();
    expect(answer.status).to.equal(201);
    await failureOf(answer.text());
  });

  it('answers late, in what is no JSON, under no real id, or with two minds', async () => {
    await tell({ api: 'cashback', mode: 'delay', delayMs: 200, times: 1 });
    const started = performance.now();
    expect((await post()).status).to.equal(201);
    expect(performance.now() - started).to.be.above(190);

    await tell({ api: 'cashback', mode: 'garbage', times: 1 });
    const garbage = await post();
    expect([garbage.status, await garbage.text()]).to.deep.equal([
      201,
      '<html><body>Bad Gateway</body></html>',
    ]);

    await tell({ api: 'cashback', mode: 'nan-id', times: 1 });
    expect(await (await post()).json()).to.deep.include({ ...CREDIT, id: 'NaN' });

    await tell({ api: 'balance', mode: 'inner-error', times: 1 });
    const inner = await fetch(at('/v1/cashback?cpf=15350946056'), {
      headers: { token: 'sandbox-token' },
    });
    expect(inner.status).to.equal(200);
    expect(await inner.json()).to.have.property('statusCode', 400);
  });

  it('does not understand an order that it cannot carry out', async () => {
    for (const order of [
      { api: 'cashback', mode: 'explode' },
      { api: 'weather', mode: 'ok' },
      { mode: 'ok' },
      { api: 'cashback', mode: 'ok', often: 2 },
    ])
      expect((await tell(order)).status).to.equal(422);
    expect((await fetch(at('/sandbox/requests?api=weather'))).status).to.equal(422);
  });

  it('names the port that is in use, and the variable that moves it', async () => {
    const main = aMain('embedded/sandbox/main.ts', { EMBEDDED_SANDBOX_PORT: String(server.port) });
    expect(await main.exit).to.equal(78);
    expect(main.lines.join()).to.contain(`Port ${server.port} is in use`);
    expect(main.lines.join()).to.contain('set EMBEDDED_SANDBOX_PORT');
  });
});
