import { expect } from 'chai';
import { inFlight, progressFrom } from './in-flight.ts';

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
  it('is so much and no more', async () => {
    const flight = inFlight(2);
    const all = [later(), later(), later()];
    let added = 0;
    const adding = (async () => {
      for (const { work } of all) {
        await flight.add(work, never);
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
  });

  it('is heard of when it fails, and makes room for the next', async () => {
    const flight = inFlight(1);
    const failures: unknown[] = [];
    const failed = (error: unknown) => void failures.push(error);
    const error = new Error('cut off');
    await flight.add(() => Promise.reject(error), failed);
    await flight.add(() => Promise.resolve(), never);
    await flight.allDone();
    expect(failures).to.deep.equal([error]);
  });
});

describe('Progress in the log', () => {
  it('is as far as everything before it is done', () => {
    const progress = progressFrom(0n);
    const [first, second] = [progress.begin(1n), progress.begin(2n)];
    progress.pass(3n);
    second();
    expect(progress.doneUpTo()).to.equal(0n);
    first();
    first();
    expect(progress.doneUpTo()).to.equal(3n);
    progress.pass(9n);
    progress.pass(12n);
    expect(progress.doneUpTo()).to.equal(12n);
  });

  it('does not go past what is never done', () => {
    const progress = progressFrom(5n);
    progress.begin(6n);
    progress.pass(7n);
    progress.begin(8n)();
    progress.pass(9n);
    expect(progress.doneUpTo()).to.equal(5n);
  });
});
