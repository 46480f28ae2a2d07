import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { turnsOf } from './turns.ts';

describe('Turns', () => {
  it('let so many begin at once, and the others in the turns that follow, each once', async () => {
    let now = 0;
    let ticking = setImmediate(function tick() {
      now += 1;
      ticking = setImmediate(tick);
    });
    const turn = turnsOf(3);
    const begun = await Promise.all(Array.from({ length: 10 }, () => turn().then(() => now)));
    clearImmediate(ticking);
    expect(begun).to.deep.equal([0, 0, 0, 1, 1, 1, 2, 2, 2, 3]);
  });

  it('hold up nobody who comes alone', async () => {
    const turn = turnsOf(3);
    for (let times = 0; times < 5; times++) {
      let begun = false;
      void turn().then(() => (begun = true));
      await Promise.resolve();
      await Promise.resolve();
      expect(begun).to.equal(true);
      await nextTurn();
      await nextTurn();
    }
  });

  it('keep the order in which they came', async () => {
    const turn = turnsOf(2);
    const order: number[] = [];
    await Promise.all([...Array(9).keys()].map((nth) => turn().then(() => order.push(nth))));
    expect(order).to.deep.equal([...Array(9).keys()]);
  });
});
