import { expect } from 'chai';
import { perhapsAgain } from './repeats.ts';

const names = Array.from({ length: 50_000 }, (_, nth) => `p${nth}`);

describe('Whether a name may have come before', () => {
  it('is never denied of one that has', () => {
    const again = perhapsAgain();
    names.forEach(again);
    expect(names.filter((name) => !again(name))).to.deep.equal([]);
  });

  it('is seldom said of one that has not, though it is much like the others', () => {
    const again = perhapsAgain();
    expect(names.filter(again).length).to.be.below(names.length / 1_000);
  });
});
