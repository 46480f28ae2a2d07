import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { BalanceOf } from '#shared/cashback-month/ports.ts';
import { listening } from '../../test/support/a-partner.ts';
import { freePorts } from '#shared/platform/free-port.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { cashbackBalance } from './balance.ts';

const CPF = '08948135015';
const token = 'a-secret-token';
type Respond = (response: ServerResponse, nth: number) => unknown;

const json = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
const credit: Respond = (response) => json(response, { statusCode: 200, body: { credit: 1015 } });
const unreadable: Respond = (response) => response.writeHead(502).end('<html>Bad Gateway</html>');

describe('The balance API', function () {
  this.timeout(90_000);
  const asked: IncomingMessage[] = [];
  let trouble: string[] = [];
  let respond: Respond = credit;
  let url: string;
  let close: () => Promise<void>;
  let balanceOf: BalanceOf;

  before(async () => {
    const server = createServer((request, response) => {
      asked.push(request);
      respond(response, asked.length);
    });
    const { port, close: closing } = await listening(server);
    [url, close] = [`http://127.0.0.1:${port}/partner/`, closing];
  });
  after(() => close());
  beforeEach(() => {
    asked.length = 0;
    trouble = [];
    respond = credit;
    balanceOf = client(url);
  });

  const client = (at: string, timeoutMs = 5_000) =>
    cashbackBalance({ url: at, token, timeoutMs, onTrouble: (why) => trouble.push(why) });

  it('is asked with the digits, and shown the token in a header', async () => {
    expect(await balanceOf(CPF)).to.include({ outcome: 'known', credit: 1015 });
    expect(asked.map(({ method, url: path, headers }) => [method, path, headers['token']])).to.eql([
      ['GET', `/partner/v1/cashback?cpf=${CPF}`, token],
    ]);
  });

  it('is asked each time, since what it says changes', async () => {
    respond = (response, nth) => json(response, { statusCode: 200, body: { credit: nth } });
    expect(await balanceOf(CPF)).to.include({ credit: 1 });
    expect(await balanceOf(CPF)).to.include({ credit: 2 });
  });

  it('is believed for what it says inside, whatever the HTTP status is', async () => {
    respond = (response) => json(response, { statusCode: 200, body: { credit: 7 } }, 500);
    expect(await balanceOf(CPF)).to.include({ outcome: 'known', credit: 7 });
    respond = (response) => json(response, { statusCode: 400, body: { message: 'Não' } }, 200);
    expect(await balanceOf(CPF)).to.include({ outcome: 'refused', message: 'Não' });
    expect(asked).to.have.length(2);
  });

  it('is asked again for what may pass', async () => {
    const troubles: Respond[] = [
      unreadable,
      (response) => response.destroy(),
      (response) =>
        response.writeHead(200, { 'Content-Length': 99 }).write('{', () => response.destroy()),
      (response) => json(response, { statusCode: 503, body: { message: 'Em manutenção' } }),
    ];
    for (const first of troubles) {
      asked.length = 0;
      respond = (response, nth) => (nth === 1 ? first : credit)(response, nth);
      expect(await balanceOf(CPF)).to.include({ outcome: 'known', credit: 1015 });
      expect(asked).to.have.length(2);
    }
  });

  it('is unavailable when it stays away, and is asked three times before that is said', async () => {
    respond = unreadable;
    expect(await balanceOf(CPF)).to.include({ outcome: 'unavailable' });
    expect(asked).to.have.length(3);
    const [port = 0] = await freePorts(1);
    expect(await client(`http://127.0.0.1:${port}`)(CPF)).to.include({ outcome: 'unavailable' });
    expect(trouble.slice(3)).to.deep.equal(Array(3).fill('ECONNREFUSED'));
  });

  it('has so much time for all of it', async () => {
    respond = () => undefined;
    const started = performance.now();
    expect(await client(url, 300)(CPF)).to.include({ outcome: 'unavailable' });
    expect(performance.now() - started).to.be.within(290, 2_000);
  });

  it('has no more time for an answer that comes drop by drop', async () => {
    respond = (response) => response.writeHead(200).write('{"statusCode":200,');
    const started = performance.now();
    expect(await client(url, 300)(CPF)).to.include({ outcome: 'unavailable' });
    expect(performance.now() - started).to.be.within(290, 2_000);
  });

  it('is not read on and on, nor followed elsewhere', async () => {
    respond = (response) => response.end('x'.repeat(1_000_000));
    expect(await balanceOf(CPF)).to.include({ outcome: 'unavailable' });
    asked.length = 0;
    respond = (response) => response.writeHead(302, { Location: '/elsewhere' }).end();
    expect(await balanceOf(CPF)).to.include({ outcome: 'unavailable' });
    expect(asked.map(({ url: path }) => path)).to.not.include('/elsewhere');
  });

  it('is left alone for a while when nothing comes back any more', async () => {
    respond = unreadable;
    for (let nth = 0; nth < 5; nth++) await balanceOf(CPF);
    asked.length = 0;
    respond = credit;
    expect(await balanceOf(CPF)).to.include({ outcome: 'unavailable' });
    expect(asked).to.deep.equal([]);
    expect(trouble.at(-1)).to.equal('BrokenCircuitError');
  });

  it('is asked again after a while, and when that goes well as before', async () => {
    const options = { url, token, timeoutMs: 5_000, brokenForMs: 500 };
    const patient = cashbackBalance({ ...options, onTrouble: (why) => trouble.push(why) });
    respond = unreadable;
    for (let nth = 0; nth < 6; nth++) await patient(CPF);
    expect(trouble.at(-1)).to.equal('BrokenCircuitError');
    respond = credit;
    await waitUntil('it is asked', async () => (await patient(CPF)).outcome === 'known', 5_000);
    expect(await patient(CPF)).to.include({ outcome: 'known' });
  });

  it('is not left alone for refusing', async () => {
    respond = (response) => json(response, { statusCode: 400, body: { message: 'Não' } });
    for (let nth = 0; nth < 6; nth++)
      expect(await balanceOf(CPF)).to.include({ outcome: 'refused' });
    respond = credit;
    expect(await balanceOf(CPF)).to.include({ outcome: 'known' });
  });

  it('serves many who ask at once, and no more than that', async () => {
    respond = () => undefined;
    const one = client(url, 400);
    const outcomes = await Promise.all(Array.from({ length: 300 }, () => one(CPF)));
    expect(outcomes.every(({ outcome }) => outcome === 'unavailable')).to.equal(true);
    expect(trouble.filter((why) => why === 'BulkheadRejectedError')).to.have.length(50);
  });

  it('is in trouble without anybody being named', async () => {
    respond = (response) => response.destroy();
    await balanceOf(CPF);
    expect(trouble).to.have.length(3);
    expect(trouble.join(' ')).to.not.include(CPF).and.not.include(token);
  });
});
