import type { Pool, PoolClient } from 'pg';
import type { Log } from '#shared/platform/log.ts';
import { regularly } from '#shared/platform/regularly.ts';

const LOOK_AGAIN_MS = 1_000;
const PING_MS = 2_000;

const TAKE = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken';

/** Aborted when the connection is lost, and the lock with it. */
const lostWith = (client: PoolClient) => {
  const lost = new AbortController();
  const lose = (error: unknown) => {
    lost.abort(error);
  };
  client.on('error', lose);
  const pinging = setInterval(() => void client.query('select 1').catch(lose), PING_MS).unref();
  return {
    signal: lost.signal,
    stop: () => {
      clearInterval(pinging);
    },
  };
};

const unlessAborted = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
};

/**
 * Does something while no other process does it under the same name, again and again until it is
 * told to stop. That saves work from being done twice and is not what makes it safe: a connection
 * may be lost unnoticed for a moment.
 */
export const solely = async (
  pool: Pool,
  name: string,
  work: (signal: AbortSignal) => Promise<void>,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> => {
  const once = async () => {
    const client = await pool.connect();
    const lost = lostWith(client);
    try {
      const { rows } = await client.query<{ readonly taken: boolean }>(TAKE, [`lastro:${name}`]);
      const ours = AbortSignal.any([signal, lost.signal]);
      if (rows[0]?.taken) await work(ours).catch(unlessAborted(ours));
    } finally {
      lost.stop();
      // Not given back but ended: its lock goes with it.
      client.release(true);
    }
  };
  await regularly(name, LOOK_AGAIN_MS, once, { log, signal });
};
