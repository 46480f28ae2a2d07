import { expect } from 'chai';
import { balanceFrom } from './balance-answer.ts';

const said = (answer: unknown) => balanceFrom(JSON.stringify(answer));

describe('An answer of the balance API', () => {
  it('says what somebody has accumulated, passed on as it is', () => {
    for (const credit of [1015, 0, 10.15, -3, '1015'])
      expect(said({ statusCode: 200, body: { credit } })).to.deep.equal({
        outcome: 'known',
        credit,
        mayPass: false,
      });
  });

  it('refuses by the code inside, in the partner’s own words', () => {
    const message = 'CPF do revendedor(a) está incorreto, utilize apenas números!';
    expect(said({ statusCode: 400, body: { message } })).to.deep.equal({
      outcome: 'refused',
      message,
      mayPass: false,
    });
    expect(said({ statusCode: 400, body: {} })).to.include({
      message: 'It said 400, and not why',
    });
    const long = said({ statusCode: 400, body: { message: 'x'.repeat(10_000) } });
    expect(long.outcome === 'refused' && long.message.length).to.equal(500);
  });

  it('refuses for now when the partner is to blame, or was asked too often', () => {
    for (const statusCode of [500, 503, 429])
      expect(said({ statusCode, body: { message: 'x' } })).to.include({
        outcome: 'refused',
        mayPass: true,
      });
  });

  it('that is none is as good as no answer', () => {
    const none = { outcome: 'unavailable', mayPass: true };
    for (const body of ['', '<html>', 'null', '[]', '{"statusCode":"200","body":{"credit":1}}'])
      expect(balanceFrom(body), body).to.deep.equal(none);
    for (const answer of [
      { statusCode: 200, body: {} },
      { statusCode: 200, body: { credit: null } },
      { statusCode: 200, credit: 1 },
      { body: { credit: 1 } },
    ])
      expect(said(answer), JSON.stringify(answer)).to.deep.equal(none);
  });
});
