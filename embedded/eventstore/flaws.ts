/** So many are told in words; the others are counted. */
const MOST_TOLD = 100;

/** What is wrong with a log: how much of it, and the first of it in words. */
export type Flaws = {
  readonly count: () => number;
  readonly told: () => readonly string[];
  readonly add: (flaw: string) => void;
};

export const flaws = (): Flaws => {
  const told: string[] = [];
  let count = 0;
  return {
    count: () => count,
    told: () => told,
    add: (flaw) => {
      count += 1;
      if (told.length < MOST_TOLD) told.push(flaw);
    },
  };
};
