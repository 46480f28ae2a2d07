import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { ProductId } from '#shared/ids.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { productApi } from './products.ts';

const id = '1bf0f365-fbdd-4e21-9786-da459d78dd1f' as ProductId;
const product = { id, title: 'Cadeira', image: 'http://x/y.jpg', price: 1699.0, brand: 'bébé' };

describe('The product API', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  const partner = async (answer: RequestListener, timeoutMs = 2_000) => {
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const peace = { initialDelay: 60_000, maxDelay: 60_000 };
    return productApi({ url: `http://127.0.0.1:${port}/`, timeoutMs }, { peace });
  };
  const answering = (status: number, body: unknown) =>
    partner((_, response) => {
      response.statusCode = status;
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });

  it('is asked by the product’s own address, and says what it is', async () => {
    const paths: unknown[] = [];
    const ask = await partner(({ method, url }, response) => {
      paths.push([method, url]);
      response.end(JSON.stringify({ ...product, reviewScore: 4.35, more: 'than we know' }));
    });
    expect(await ask(id)).to.deep.equal({
      outcome: 'found',
      product: { ...product, reviewScore: 4.35 },
    });
    expect(paths).to.deep.equal([['GET', `/api/product/${id}/`]]);
  });

  it('leaves out a score that there is none of', async () => {
    expect(await (await answering(200, product))(id)).to.deep.equal({ outcome: 'found', product });
  });

  it('knows no such product only when it says 404', async () => {
    const body = { error_message: `Product ${id} not found`, code: 'not_found' };
    expect(await (await answering(404, body))(id)).to.deep.equal({ outcome: 'unknown' });
  });

  for (const [status, body, why] of [
    [503, 'busy', 'HTTP 503'],
    [301, '', 'HTTP 301'],
    [400, { code: 'not_found' }, 'HTTP 400'],
    [200, 'no JSON', 'it was unreadable'],
    [200, { id }, 'it was unreadable'],
    [200, { ...product, id: 'another' }, 'it described another product'],
  ] as const)
    it(`has not answered with ${status} ${JSON.stringify(body).slice(0, 24)}`, async () => {
      expect(await (await answering(status, body))(id)).to.deep.equal({
        outcome: 'unavailable',
        why,
      });
    });

  it('has not answered when it takes too long', async () => {
    const ask = await partner(() => undefined, 50);
    expect(await ask(id)).to.deep.equal({ outcome: 'unavailable', why: 'none in time' });
  });

  it('is asked five at a time', async () => {
    let [atOnce, most] = [0, 0];
    const ask = await partner(({ url }, response) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      setTimeout(() => {
        atOnce -= 1;
        response.end(JSON.stringify({ ...product, id: url?.split('/').at(-2) }));
      }, 20);
    });
    const ids = Array.from({ length: 25 }, (_, nth) => derivedId('product', String(nth)));
    const answers = await Promise.all(ids.map((one) => ask(one as ProductId)));
    expect(new Set(answers.map(({ outcome }) => outcome))).to.deep.equal(new Set(['found']));
    expect(most).to.equal(5);
  });

  it('is left in peace after it failed again and again', async () => {
    let calls = 0;
    const ask = await partner((_, response) => {
      calls += 1;
      response.writeHead(500).end();
    });
    for (let nth = 0; nth < 8; nth++) await ask(id);
    expect(calls).to.equal(5);
    expect(await ask(id)).to.deep.include({ why: 'it has failed again and again lately' });
  });

  it('is not in trouble because we stop', async () => {
    const ask = await partner(() => undefined);
    const stopping = new AbortController();
    const cut = ask(id, stopping.signal).catch((error: unknown) => error);
    stopping.abort();
    expect(await cut).to.have.property('name', 'AbortError');
  });
});
