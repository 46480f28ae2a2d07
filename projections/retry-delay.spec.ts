import { expect } from 'chai';
import { retryDelayMs } from './retry-delay.ts';

const settings = { retryBaseMs: 1_000, retryMaxMs: 3_600_000 };
const after = (attempts: number, random = 0.5) => retryDelayMs(attempts, settings, () => random);

describe('Between two attempts', () => {
  it('there is twice as much time as before, up to a limit', () => {
    expect([1, 2, 3, 12, 13, 30].map((attempts) => after(attempts))).to.deep.equal([
      1_000, 2_000, 4_000, 2_048_000, 3_600_000, 3_600_000,
    ]);
  });

  it('there is a fifth more or less', () => {
    expect([after(3, 0), after(3, 1)]).to.deep.equal([3_200, 4_800]);
  });

  it('there is about a day in all', () => {
    const all = Array.from({ length: 29 }, (_, nth) => after(nth + 1));
    const hours = all.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
    expect(hours).to.be.within(16, 26);
  });
});
