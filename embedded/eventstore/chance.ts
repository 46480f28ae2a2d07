const TWO_TO_32 = 2 ** 32;

/** Chance that comes out the same for the same seed: Mulberry32. */
export const seededChance = (seed: number) => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / TWO_TO_32;
  };
  return {
    /** Whether what happens in such a share of all cases happens this time. */
    happens: (share: number): boolean => next() < share,
    /** An integer from 0 on, and below this. */
    below: (limit: number): number => Math.floor(next() * limit),
  };
};
