import pLimit from 'p-limit';
import type { Pool, PoolClient } from 'pg';
import { saidBy, type Log } from '#shared/platform/log.ts';

const PING_MS = 5_000;
const LONGEST_ANSWER_MS = 5_000;

/**
 * Who does what, among several processes: an advisory lock for each piece of work, all of them on
 * one connection, so that a process that is killed gives up everything at once. They save work
 * from being done twice and are not what makes it safe: a connection may be lost unnoticed.
 */
export type Claims = {
  /** Aborted when the claim is lost. Nothing when another process has it. */
  readonly take: (name: string) => Promise<AbortSignal | undefined>;
  readonly release: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A server that is gone without a word is noticed by both sides within half a minute. */
const KEEPALIVE = `
  set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;
  set idle_session_timeout = 0`;
const TAKE = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as done';
const RELEASE = 'select pg_advisory_unlock(hashtextextended($1, 0)) as done';

/** One connection, from when it is taken out of the pool until it is lost or closed. */
const sessionOf = (client: PoolClient, onLost: (error: unknown) => void) => {
  const held = new Map<string, AbortController>();
  // A connection answers one question after the other, and wants to be asked so.
  const oneByOne = pLimit(1);
  let open = true;

  const close = (): void => {
    if (!open) return;
    open = false;
    clearInterval(pinging);
    for (const claim of held.values()) claim.abort();
    // Not given back but ended: its locks go with it.
    client.release(true);
  };
  const fail = (error: unknown): void => {
    if (open) onLost(error);
    close();
  };
  const pinging = setInterval(() => {
    const late = setTimeout(() => {
      fail(new Error('The database does not answer'));
    }, LONGEST_ANSWER_MS);
    const answered = () => {
      clearTimeout(late);
    };
    void oneByOne(() => client.query('select 1'))
      .catch(fail)
      .finally(answered);
  }, PING_MS).unref();
  client.on('error', fail);

  const ask = async (text: string, name: string): Promise<boolean> => {
    const { rows } = await oneByOne(() =>
      client.query<{ readonly done: boolean }>(text, [`lastro:${name}`]),
    );
    return rows[0]?.done ?? false;
  };

  return {
    begin: () => client.query(KEEPALIVE),
    take: async (name: string): Promise<AbortSignal | undefined> => {
      const already = held.get(name);
      if (already) return already.signal;
      if (!(await ask(TAKE, name))) return undefined;
      const claim = new AbortController();
      held.set(name, claim);
      if (!open) claim.abort();
      return claim.signal;
    },
    release: async (name: string): Promise<void> => {
      if (held.delete(name)) await ask(RELEASE, name);
    },
    close,
  };
};
type Session = ReturnType<typeof sessionOf>;

/** Takes one connection of the pool when first asked, and another when that one is lost. */
export const claimsOn = (pool: Pool, log: Log): Claims => {
  let session: Promise<Session> | undefined;

  const begun = async (): Promise<Session> => {
    const opened = sessionOf(await pool.connect(), (error) => {
      session = undefined;
      log.warn({ reason: saidBy(error) }, 'lost its claims with the connection that held them');
    });
    try {
      await opened.begin();
      return opened;
    } catch (error) {
      opened.close();
      throw error;
    }
  };
  const current = (): Promise<Session> => {
    session ??= begun().catch((error: unknown) => {
      session = undefined;
      throw error;
    });
    return session;
  };

  return {
    take: async (name) => (await current()).take(name),
    release: async (name) => (await session)?.release(name),
    close: async () => {
      (await session?.catch(() => undefined))?.close();
      session = undefined;
    },
  };
};
