import { expect } from 'chai';
import { gathering } from './gathering.ts';

const LONG_MS = 10_000;

describe('A gathering', () => {
  const of = (...items: readonly number[]) => {
    const gathered = gathering<number>();
    for (const item of items) gathered.add(item);
    return gathered;
  };

  it('gives the first that fit, and keeps the others in their order', () => {
    const gathered = of(1, 2, 3, 4);
    expect(gathered.take((item) => item < 3)).to.deep.equal([1, 2]);
    expect(gathered.take(() => true)).to.deep.equal([3, 4]);
    expect(gathered.size()).to.equal(0);
  });

  it('gives one at least, though it does not fit', () => {
    expect(of(9, 1).take((item) => item < 3)).to.deep.equal([9, 1]);
    expect(of(9, 8).take((item) => item < 3)).to.deep.equal([9]);
  });

  it('waits until there are enough', async () => {
    const gathered = of(1);
    let enough = false;
    const waiting = gathered.toHave(3, LONG_MS).then(() => (enough = true));
    gathered.add(2);
    await new Promise(setImmediate);
    expect(enough).to.equal(false);
    gathered.add(3);
    await waiting;
  });

  it('does not wait when there are enough', async () => {
    await of(1, 2).toHave(2, LONG_MS);
  });

  it('waits no longer than it may', async () => {
    const gathered = of(1);
    await gathered.toHave(2, 5);
    expect(gathered.size()).to.equal(1);
  });
});
