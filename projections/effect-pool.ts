/** Effects of all kinds together, in one process. */
export const CONCURRENCY = 10;
/** Beside the workers, one connection listens and one holds the claims. */
const CONNECTIONS = CONCURRENCY + 2;

/**
 * The plan of a query outlives the moment it was made in: from when next to nothing waited, it would
 * look through all that waits and sort it, for each effect of a backlog. In the order of an index
 * the first that is due is there at once, however many are behind it.
 */
const BY_INDEX = { enable_seqscan: 'off', enable_bitmapscan: 'off', enable_sort: 'off' };

/** Which job is done the intents know, and they wait for the disk: the queue itself need not. */
export const EFFECT_POOL = {
  name: 'effects',
  connections: CONNECTIONS,
  session: { synchronous_commit: 'off', ...BY_INDEX },
} as const;
