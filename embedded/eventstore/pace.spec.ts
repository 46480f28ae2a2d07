import { expect } from 'chai';
import { patienceAfter, worthWaitingFor, type Pace } from './pace.ts';

const aPace = (more: Partial<Pace>): Pace => ({
  endedAt: 1_000,
  tookMs: 4,
  atOnce: 64,
  turnMs: 8,
  ...more,
});

describe('The pace of commits', () => {
  for (const [who, pace, count] of [
    ['half, where the disk is as quick as they are', {}, 32],
    ['all, where the disk is much slower', { tookMs: 30 }, 64],
    ['the one that there is', { atOnce: 1 }, 1],
    ['one of two', { atOnce: 2 }, 1],
    ['more than half of what is odd', { atOnce: 5 }, 3],
  ] as const)
    it(`lets them come first: ${who}`, () => {
      expect(worthWaitingFor(aPace(pace))).to.equal(count);
    });

  for (const [when, pace, now, ms] of [
    ['as long as the commit took', {}, 1_000, 4],
    ['what is left of that', {}, 1_001, 3],
    ['not for less than a timer can measure', {}, 1_003.5, 0],
    ['not when that was long ago', {}, 9_000, 0],
    ['no longer than ten milliseconds, however slow the disk', { tookMs: 500 }, 1_000, 10],
  ] as const)
    it(`waits ${when}`, () => {
      expect(patienceAfter(aPace(pace), now)).to.equal(ms);
    });
});
