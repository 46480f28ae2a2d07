import { expect } from 'chai';
import { inFlight } from './in-flight.ts';

const later = () => {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { work: () => done, finish };
};
const never = (error: unknown) => {
  throw error;
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('What is in flight', () => {
  it('is done as far as everything before it is', async () => {
    const flight = inFlight(10, 0n);
    const [first, second] = [later(), later()];
    await flight.add(1n, first.work, never);
    await flight.add(2n, second.work, never);
    flight.pass(3n);
    second.finish();
    await settled();
    expect(flight.doneUpTo()).to.equal(0n);
    first.finish();
    await settled();
    expect(flight.doneUpTo()).to.equal(3n);
  });

  it('is so much and no more', async () => {
    const flight = inFlight(2, 0n);
    const all = [later(), later(), later()];
    let added = 0;
    const adding = (async () => {
      for (const { work } of all) {
        await flight.add(BigInt(added + 1), work, never);
        added += 1;
      }
    })();
    await settled();
    expect(added).to.equal(2);
    all[1]?.finish();
    await adding;
    expect(added).to.equal(3);
    for (const { finish } of all) finish();
    await flight.allDone();
    expect(flight.doneUpTo()).to.equal(3n);
  });

  it('is not done when it failed, nor is anything after it', async () => {
    const flight = inFlight(2, 0n);
    const failures: unknown[] = [];
    const failed = (error: unknown) => failures.push(error);
    await flight.add(
      1n,
      () => Promise.reject(new Error('cut off')),
      (error) => void failed(error),
    );
    flight.pass(2n);
    await flight.allDone();
    expect(flight.doneUpTo()).to.equal(0n);
    expect(failures).to.have.length(1);
  });
});
