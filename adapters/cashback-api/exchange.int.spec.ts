import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { aPartner, aSocket, type APartner } from '../../test/support/a-partner.ts';
import { freePorts } from '#shared/platform/free-port.ts';
import { LARGEST_ANSWER, post, type Call } from './exchange.ts';

const never = new AbortController().signal;
const credit = { document: '52998224725', cashback: '14.00' };

describe('A call to the cashback API', function () {
  this.timeout(90_000);
  const open: { close: () => Promise<void> }[] = [];
  afterEach(() => Promise.all(open.splice(0).map(({ close }) => close())));

  const call = (url: string, changes: Partial<Call> = {}) =>
    post({
      ...{ url: new URL(url), headers: { 'Idempotency-Key': 'k' }, body: JSON.stringify(credit) },
      ...{ timeoutMs: 5_000, signal: never, ...changes },
    });
  const partner = async (answer: (response: ServerResponse) => unknown): Promise<APartner> => {
    const one = await aPartner((_asked, _request, response) => answer(response));
    open.push(one);
    return one;
  };
  const socket = async (...[serve]: Parameters<typeof aSocket>) => {
    const one = await aSocket(serve);
    open.push(one);
    return one;
  };

  it('brings back a whole answer, whatever it says', async () => {
    const { url, asked } = await partner((response) => response.writeHead(418).end('um chá ☕'));
    expect(await call(url)).to.deep.equal({ came: 'answer', status: 418, body: 'um chá ☕' });
    expect(asked).to.deep.equal([{ ...credit, idempotencyKey: 'k' }]);
  });

  it('has a connection of its own, and follows nobody elsewhere', async () => {
    const { url, asked } = await partner((response) =>
      response.writeHead(302, { Location: url }).end(),
    );
    for (const nth of [1, 2]) {
      expect(await call(url)).to.include({ came: 'answer', status: 302 });
      expect(asked).to.have.length(nth);
    }
  });

  it('keeps so much of an answer and reads the rest', async () => {
    const { url } = await partner((response) => response.end('x'.repeat(LARGEST_ANSWER * 50)));
    const exchange = await call(url);
    expect(exchange.came === 'answer' && exchange.body.length).to.equal(LARGEST_ANSWER);
  });

  describe('has certainly not been sent', () => {
    it('when nobody listens', async () => {
      const [port = 0] = await freePorts(1);
      const exchange = await call(`http://127.0.0.1:${port}/`);
      expect(exchange).to.deep.equal({ came: 'not-sent', error: 'ECONNREFUSED' });
    });

    it('when there is nobody of that name', async () => {
      expect(await call('http://nobody.invalid/')).to.include({ came: 'not-sent' });
    });

    it('when the connection never came to be secure', async () => {
      const { port } = await socket((one) => one.on('data', () => undefined));
      const exchange = await call(`https://127.0.0.1:${port}/`, { timeoutMs: 100 });
      expect(exchange).to.deep.equal({ came: 'not-sent', error: 'No whole answer in 100 ms' });
    });

    it('when it was cut off before it began', async () => {
      const { url, asked } = await partner((response) => response.end());
      const exchange = await call(url, { signal: AbortSignal.abort() });
      expect(exchange).to.include({ came: 'not-sent' });
      expect(asked).to.deep.equal([]);
    });
  });

  describe('may have been understood', () => {
    it('when there is no answer in time', async () => {
      const { url, asked } = await partner(() => undefined);
      const exchange = await call(url, { timeoutMs: 200 });
      expect(exchange).to.deep.equal({ came: 'timed-out', error: 'No whole answer in 200 ms' });
      expect(asked).to.have.length(1);
    });

    it('when the answer does not come to its end in time', async () => {
      const { url } = await partner((response) => response.writeHead(201).write('{"id":'));
      expect(await call(url, { timeoutMs: 200 })).to.deep.equal({
        ...{ came: 'timed-out', error: 'No whole answer in 200 ms' },
        ...{ status: 201, body: '{"id":' },
      });
    });

    it('when the partner hangs up without a word', async () => {
      const { url, asked } = await partner((response) => response.destroy());
      expect(await call(url)).to.deep.equal({ came: 'broken-off', error: 'ECONNRESET' });
      expect(asked).to.have.length(1);
    });

    it('when the answer breaks off, however its length was told', async () => {
      for (const headers of [{ 'Content-Length': 100 }, {}]) {
        const { url } = await partner((response) =>
          response.writeHead(201, headers).write('{"id":', () => response.destroy()),
        );
        const exchange = await call(url);
        expect(exchange).to.include({ came: 'broken-off', status: 201, body: '{"id":' });
      }
    });

    it('when what comes back is no HTTP', async () => {
      const { url } = await socket((one) => one.once('data', () => one.end('220 mail ready\r\n')));
      expect(await call(url)).to.include({ came: 'broken-off', error: 'HPE_INVALID_CONSTANT' });
    });

    it('when it is cut off', async () => {
      const stop = new AbortController();
      const { url, asked } = await partner(() => {
        stop.abort();
      });
      expect(await call(url, { signal: stop.signal })).to.include({ came: 'broken-off' });
      expect(asked).to.have.length(1);
    });
  });
});
