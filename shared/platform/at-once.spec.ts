import { expect } from 'chai';
import { atOnce } from './at-once.ts';
import { BadConfig } from './config.ts';

const wrong = (message: string) => () => {
  throw new BadConfig(message);
};
const failureOf = async (reading: Promise<unknown>): Promise<unknown> =>
  reading.then(
    () => 'none',
    (error: unknown) => error,
  );

describe('Settings that are read at once', () => {
  it('are all there, each under its name', async () => {
    const read = await atOnce({ a: () => 1, b: () => Promise.resolve('two') });
    expect(read).to.deep.equal({ a: 1, b: 'two' });
  });

  it('say all that is wrong with them, and nothing twice', async () => {
    const failure = await failureOf(
      atOnce({
        a: wrong('A is missing; B is missing'),
        b: () => Promise.reject(new BadConfig('B is missing')),
        c: () => 1,
      }),
    );
    expect(failure).to.be.instanceOf(BadConfig);
    expect((failure as Error).message).to.equal('A is missing; B is missing');
  });

  it('do not take a fault of ours for a wrong setting', async () => {
    const fault = new TypeError('ours');
    const failure = await failureOf(
      atOnce({ a: wrong('A is missing'), b: () => Promise.reject(fault) }),
    );
    expect(failure).to.equal(fault);
  });
});
