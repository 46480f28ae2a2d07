import { expect } from 'chai';
import fc from 'fast-check';
import { nameKey, placeKeys, positionKeys } from './keys.ts';

const written = <Key>(write: (key: Key, target: Buffer, start: number) => number, key: Key) => {
  const target = Buffer.alloc(32);
  return target.subarray(4, write(key, target, 4));
};
const position = (value: number) => written(positionKeys.writeKey, value);
const place = (stream: number, revision: number) => written(placeKeys.writeKey, [stream, revision]);

const amount = fc.maxSafeNat();
const runs = { seed: 20_260_102, numRuns: 500 };

describe('A key of the log', () => {
  it('sorts as the position does', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(Math.sign(position(a).compare(position(b)))).to.equal(Math.sign(a - b));
      }),
      runs,
    );
  });

  it('gives the position back', () => {
    fc.assert(
      fc.property(amount, (value) => {
        expect(positionKeys.readKey(position(value), 0)).to.equal(value);
      }),
      runs,
    );
  });
});

describe('A key of a stream', () => {
  const number = fc.nat(2 ** 31 - 1);

  it('sorts by the revision, and keeps one stream from the next', () => {
    fc.assert(
      fc.property(number, amount, amount, (stream, a, b) => {
        expect(Math.sign(place(stream, a).compare(place(stream, b)))).to.equal(Math.sign(a - b));
        expect(place(stream, a).compare(place(stream + 1, b))).to.equal(-1);
      }),
      runs,
    );
  });

  it('has room for the revision of a tombstone, after every other', () => {
    const last = place(7, 2 ** 63);
    expect(place(7, Number.MAX_SAFE_INTEGER).compare(last)).to.equal(-1);
    expect(placeKeys.readKey(last, 0)).to.deep.equal([7, 2 ** 63]);
  });
});

describe('The key of a name', () => {
  it('is short, however long the name', () => {
    expect(nameKey('x'.repeat(100_000)).length).to.be.at.most(1978);
  });

  it('is another for every other name', () => {
    const long = 'x'.repeat(5_000);
    const names = ['a', 'A', ' a', '#a', '=a', 'ä', long, `${long}x`];
    const keys = new Set(names.map((name) => nameKey(name).toString('hex')));
    expect(keys.size).to.equal(names.length);
  });
});
