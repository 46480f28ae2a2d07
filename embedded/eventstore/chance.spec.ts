import { expect } from 'chai';
import { seededChance } from './chance.ts';

const MANY = 10_000;

const drawn = (seed: number) => {
  const chance = seededChance(seed);
  return Array.from({ length: MANY }, () => chance.below(10));
};

describe('Chance with a seed', () => {
  it('comes out the same for the same seed, and otherwise for another', () => {
    expect(drawn(1)).to.deep.equal(drawn(1));
    expect(drawn(1)).to.not.deep.equal(drawn(2));
  });

  it('gives every number below the limit about as often, and no other', () => {
    const counts = new Map<number, number>();
    for (const number of drawn(1)) counts.set(number, (counts.get(number) ?? 0) + 1);
    expect([...counts.keys()].toSorted()).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const count of counts.values()) expect(count).to.be.within(900, 1_100);
  });

  it('lets happen what happens in a share of cases in about as many', () => {
    const chance = seededChance(3);
    const happened = Array.from({ length: MANY }, () => chance.happens(0.15)).filter(Boolean);
    expect(happened.length).to.be.within(1_400, 1_600);
    expect(Array.from({ length: 100 }, () => chance.happens(0))).to.not.include(true);
  });
});
