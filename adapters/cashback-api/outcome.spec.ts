import { expect } from 'chai';
import { outcomeOf } from './outcome.ts';

const body = (changes: object = {}) =>
  JSON.stringify({
    ...{ createdAt: '2026-01-15', message: 'ok', id: '77', document: '1', cashback: '14.00' },
    ...changes,
  });
const answered = (status: number, text = '') => outcomeOf({ came: 'answer', status, body: text });

describe('What an answer of the cashback API means', () => {
  it('is that it was accepted, when it was created', () => {
    expect(answered(201, body())).to.deep.equal({
      ...{ outcome: 'accepted', httpStatus: 201, body: body(), partnerId: '77' },
    });
    expect(answered(201, body({ id: 'NaN', extra: 1 }))).to.include({ partnerId: 'NaN' });
  });

  it('is that it was accepted under an id that is not known, when it says something else', () => {
    for (const text of [
      '',
      'created',
      'null',
      '[]',
      body({ id: 77 }),
      body({ message: null }),
      '{"id":"77"}',
    ])
      expect(answered(201, text), text).to.deep.equal({
        ...{ outcome: 'accepted', httpStatus: 201, body: text },
      });
  });

  it('is that it failed and may be tried again, when the partner is in trouble', () => {
    for (const status of [500, 502, 503, 599, 408, 425, 429])
      expect(answered(status, 'Oops'), String(status)).to.deep.equal({
        ...{ outcome: 'failed', final: false, httpStatus: status, body: 'Oops' },
        error: `The cashback API answered ${status}`,
      });
  });

  it('is that it failed for good, when the partner does not want it', () => {
    for (const status of [400, 401, 403, 404, 409, 422, 451])
      expect(answered(status), String(status)).to.include({ outcome: 'failed', final: true });
  });

  it('is not known, when it is something that was not agreed on', () => {
    for (const status of [200, 202, 204, 301, 302, 304, 600])
      expect(answered(status), String(status)).to.include({
        ...{ outcome: 'uncertain', why: 'unexpected-status', httpStatus: status },
      });
  });

  it('is that it failed, when it was never sent', () => {
    expect(outcomeOf({ came: 'not-sent', error: 'ECONNREFUSED' })).to.deep.equal({
      ...{ outcome: 'failed', final: false },
      error: 'The cashback API could not be reached: ECONNREFUSED',
    });
  });

  it('is not known, when it did not come whole, whatever its beginning said', () => {
    for (const came of ['timed-out', 'broken-off'] as const) {
      const seen = { status: 201, body: '{' };
      expect(outcomeOf({ came, error: 'ECONNRESET', ...seen })).to.deep.equal({
        ...{ outcome: 'uncertain', why: came, httpStatus: 201, body: '{' },
        error: 'The cashback API may have it or not: ECONNRESET',
      });
      expect(outcomeOf({ came, error: 'x' })).to.not.have.any.keys('httpStatus', 'body');
    }
  });
});
