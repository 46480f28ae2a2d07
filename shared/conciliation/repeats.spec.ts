import { expect } from 'chai';
import { perhapsAgain } from './repeats.ts';

const names = Array.from({ length: 300_000 }, (_, nth) => Buffer.from(`p${nth}`));

describe('Whether a name may have come before', () => {
  it('is never denied of one that has', () => {
    const again = perhapsAgain();
    for (const name of names) again(name);
    expect(names.filter((name) => !again(name))).to.deep.equal([]);
  });

  it('is seldom said of one that has not, though it is much like the others', () => {
    const again = perhapsAgain();
    expect(names.filter((name) => again(name)).length).to.be.at.most(1);
  });

  it('is said of the same name wherever it stands', () => {
    const again = perhapsAgain();
    again(Buffer.from('a,p77,b'), 2, 5);
    expect([again(Buffer.from('p77')), again(Buffer.from('p78'))]).to.deep.equal([true, false]);
  });
});
