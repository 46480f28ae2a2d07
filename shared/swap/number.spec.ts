import { expect } from 'chai';
import fc from 'fast-check';
import { LARGEST_NUMBER, numberOf, swapIdOf } from './number.ts';

describe('The number of a transaction', () => {
  it('is read off its id', () => {
    expect(swapIdOf(14)).to.equal('73776170-0000-8000-8000-00000000000e');
    const ours = fc.integer({ min: 1, max: LARGEST_NUMBER });
    fc.assert(
      fc.property(ours, (number) => numberOf(swapIdOf(number)) === number),
      { seed: 1 },
    );
  });

  it('is a positive integer', () => {
    for (const wrong of [0, -1, 1.5, LARGEST_NUMBER + 1, Number.NaN])
      expect(() => swapIdOf(wrong), String(wrong)).to.throw(RangeError);
  });

  it('is not read off what is no id of ours', () => {
    for (const other of [
      '73776170-0000-8000-8000-000000000000',
      '5d0b2a52-3c5e-5a0e-9d0a-00000000000e',
      '73776170-0000-8000-8000-00000000000g',
      '73776170-0000-8000-8000-00000000000e0',
    ])
      expect(numberOf(other), other).to.equal(undefined);
  });
});
