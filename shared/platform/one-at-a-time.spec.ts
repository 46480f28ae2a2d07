import { expect } from 'chai';
import { oneAtATime } from './one-at-a-time.ts';

const aGate = () => {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
};

describe('One at a time', () => {
  it('runs what has the same key in the order in which it came', async () => {
    const inTurn = oneAtATime();
    const gate = aGate();
    const done: string[] = [];
    const first = inTurn('a', async () => {
      await gate.passed;
      done.push('first');
    });
    const second = inTurn('a', () => Promise.resolve(done.push('second')));
    const other = inTurn('b', () => Promise.resolve(done.push('other')));
    await other;
    expect(done).to.deep.equal(['other']);
    gate.open();
    await Promise.all([first, second]);
    expect(done).to.deep.equal(['other', 'first', 'second']);
  });

  it('goes on after a failure, which is for whoever failed only', async () => {
    const inTurn = oneAtATime();
    const failing = inTurn('a', () => Promise.reject(new Error('no')));
    const next = inTurn('a', () => Promise.resolve('done'));
    const said = await failing.catch((error: unknown) => (error as Error).message);
    expect(said).to.equal('no');
    expect(await next).to.equal('done');
  });
});
