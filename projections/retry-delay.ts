export type RetrySettings = {
  /** After the first failure, in milliseconds; twice as long after each further one. */
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly maxAttempts: number;
};

const JITTER = 0.2;

/** Doubling, up to a limit, a fifth more or less, so that what failed together does not come back together. */
export const retryDelayMs = (
  attempts: number,
  { retryBaseMs, retryMaxMs }: Pick<RetrySettings, 'retryBaseMs' | 'retryMaxMs'>,
  random: () => number,
): number => {
  const doubled = Math.min(retryMaxMs, retryBaseMs * 2 ** (attempts - 1));
  return Math.round(doubled * (1 - JITTER + 2 * JITTER * random()));
};
