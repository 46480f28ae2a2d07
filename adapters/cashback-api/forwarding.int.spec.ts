import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { StoreAway } from '#shared/kernel/event-store.ts';
import { PartnerAway, type ForwardCashback } from '#shared/sale/ports.ts';
import { failure } from '#shared/testing/failure.ts';
import { aPartner, credited, type APartner } from '../../test/support/a-partner.ts';
import { found } from '../../test/support/found.ts';
import { cashbackForwarding } from './forwarding.ts';

const credit = { document: '52998224725', cashback: '14.00' };
const begin = () => Promise.resolve();

describe('The cashback API', function () {
  this.timeout(90_000);
  let partner: APartner;
  let answer: (response: ServerResponse) => unknown;
  let forward: ForwardCashback;

  const once = (changes: Partial<Parameters<ForwardCashback>[1]> = {}) =>
    forward(credit, {
      idempotencyKey: 'sale-1',
      begin,
      signal: AbortSignal.timeout(20_000),
      ...changes,
    });
  const accept = (response: ServerResponse) => response.writeHead(201).end(credited(credit));
  const fail = (response: ServerResponse) => response.writeHead(500).end();

  beforeEach(async () => {
    answer = accept;
    partner = await aPartner((_asked, _request, response) => answer(response));
    const peace = { initialDelay: 300, maxDelay: 300 };
    forward = cashbackForwarding({ url: partner.url, timeoutMs: 5_000 }, { peace, mostWaiting: 4 });
  });
  afterEach(() => partner.close());

  it('is told whose cashback it is and how much, and which request that is', async () => {
    expect(await once()).to.include({ outcome: 'accepted', partnerId: '77' });
    expect(partner.asked).to.deep.equal([{ ...credit, idempotencyKey: 'sale-1' }]);
  });

  it('is asked after what has to be done before, and not when that fails', async () => {
    const away = new StoreAway('No answer');
    expect(await failure(once({ begin: () => Promise.reject(away) }))).to.equal(away);
    expect(partner.asked).to.deep.equal([]);
    await once({
      begin: () => {
        expect(partner.asked).to.deep.equal([]);
        return Promise.resolve();
      },
    });
    expect(partner.asked).to.have.length(1);
  });

  it('is left in peace when it fails again and again, and nothing is begun then', async () => {
    answer = fail;
    for (let nth = 0; nth < 5; nth++) expect(await once()).to.include({ outcome: 'failed' });
    let begun = 0;
    const counted = () => Promise.resolve().then(() => void (begun += 1));
    expect(await failure(once({ begin: counted }))).to.be.instanceOf(PartnerAway);
    expect([begun, partner.asked.length]).to.deep.equal([0, 5]);

    answer = accept;
    const came = await found(
      () => once().catch((error: unknown) => error),
      (outcome) => !(outcome instanceof PartnerAway),
    );
    expect(came).to.include({ outcome: 'accepted' });
    expect(await once()).to.include({ outcome: 'accepted' });
  });

  it('is not blamed for what it does not want', async () => {
    answer = (response) => response.writeHead(400).end();
    for (let nth = 0; nth < 7; nth++)
      expect(await once()).to.include({ outcome: 'failed', final: true });
  });

  it('is not blamed for failures of ours', async () => {
    for (let nth = 0; nth < 7; nth++)
      await failure(once({ begin: () => Promise.reject(new StoreAway('No answer')) }));
    expect(await once()).to.include({ outcome: 'accepted' });
  });

  it('is asked eight times at once; a few more wait, and the rest come back later', async () => {
    const waiting: ServerResponse[] = [];
    answer = (response) => waiting.push(response);
    const calls = Array.from({ length: 13 }, () => failure(once()));
    await found(
      () => Promise.resolve(waiting.length),
      (count) => count === 8,
    );
    answer = accept;
    for (const response of waiting) accept(response);
    const came = await Promise.all(calls);
    expect(came.filter((one) => one instanceof PartnerAway)).to.have.length(1);
    expect(partner.asked).to.have.length(12);
  });
});
