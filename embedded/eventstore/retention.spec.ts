import { expect } from 'chai';
import { firstVisible, isSoftDeleted, retentionFrom, withTruncation } from './retention.ts';

const from = (text: string) => retentionFrom(Buffer.from(text));

describe('What metadata says of a stream', () => {
  it('is how many events are kept, for how long, and from where', () => {
    expect(from('{"$maxCount":5,"$maxAge":60,"$tb":7,"owner":"us"}')).to.deep.equal({
      maxCount: 5,
      maxAgeMs: 60_000,
      truncateBefore: 7,
    });
  });

  for (const text of ['', 'no JSON', 'null', '[]', '5', '{"$maxCount":"5","$maxAge":-1}'])
    it(`is nothing when it is ${text || 'empty'}`, () => {
      expect(from(text)).to.deep.equal({});
    });

  it('is that the stream is deleted, by the largest of numbers', () => {
    expect(isSoftDeleted(from(withTruncation(Buffer.from('{"owner":"us"}'), 'all')))).to.equal(
      true,
    );
    expect(isSoftDeleted(from('{"$tb":100}'))).to.equal(false);
    expect(isSoftDeleted(undefined)).to.equal(false);
  });

  it('is kept when a deleted stream begins anew', () => {
    const anew = withTruncation(Buffer.from('{"owner":"us","$tb":9223372036854775807}'), 3);
    expect(JSON.parse(anew)).to.deep.equal({ owner: 'us', $tb: 3 });
  });
});

describe('The first event to be seen', () => {
  for (const [retention, last, first] of [
    [undefined, 9, 0],
    [{ maxCount: 3 }, 9, 7],
    [{ maxCount: 30 }, 9, 0],
    [{ truncateBefore: 4 }, 9, 4],
    [{ truncateBefore: 8, maxCount: 3 }, 9, 8],
    [{ truncateBefore: 4, maxCount: 3 }, 9, 7],
  ] as const)
    it(`is ${first} of ${last}, with ${JSON.stringify(retention ?? {})}`, () => {
      expect(firstVisible(retention, last)).to.equal(first);
    });
});
