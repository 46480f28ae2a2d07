/** The commit before, and who came after it. */
export type Pace = {
  /** By the clock of `performance`. */
  readonly endedAt: number;
  readonly tookMs: number;
  /** How many were on their way, in it or behind it. */
  readonly atOnce: number;
  /** How long after it, or after the one before it, the latest append came. */
  readonly turnMs: number;
};

const SHORTEST_WAIT_MS = 1;
const LONGEST_WAIT_MS = 10;

/**
 * Who was answered just now comes back with the next append, as a rule, and it may pay to let them
 * come first: for how many milliseconds yet. No longer than a commit takes: what it may save.
 */
export const patienceAfter = ({ endedAt, tookMs }: Pace, now: number): number => {
  const left = endedAt + Math.min(tookMs, LONGEST_WAIT_MS) - now;
  return left < SHORTEST_WAIT_MS ? 0 : left;
};

/**
 * How many to wait for. Where the disk is slower than those who append, one commit less is worth
 * more than an early start: all of them. Where they are, half of them come back while the other
 * half is on its way to the disk, and neither waits for the other.
 */
export const worthWaitingFor = ({ tookMs, turnMs, atOnce }: Pace): number =>
  tookMs > 2 * turnMs ? atOnce : Math.ceil(atOnce / 2);
