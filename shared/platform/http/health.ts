import { setTimeout as pause } from 'node:timers/promises';
import { StoreAway } from '#shared/kernel/event-store.ts';
import { databaseIsAway } from '../database-away.ts';
import type { Log } from '../log.ts';

/** However long a dependency hangs, whoever asks hears of it after this. */
export const LONGEST_CHECK_MS = 2_000;
/** Probes may come as often as they like: nothing is looked at more often than this. */
export const CHECKED_EVERY_MS = 500;

/** Resolves when there is nothing wrong. What else it throws than the known is not shown. */
export type Check = () => Promise<unknown>;
export type Checks = Readonly<Record<string, Check>>;

/** Why a process should not be asked just now, in words for whoever runs it. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
}

/** For each check what is wrong, if anything is. */
export type Readiness = {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
};

const OK = 'ok';
const LATE = `did not answer within ${LONGEST_CHECK_MS / 1_000} s`;

const reasonOf = (error: unknown): string | undefined => {
  if (error instanceof NotReady) return error.message;
  return error instanceof StoreAway || databaseIsAway(error) ? 'cannot be reached' : undefined;
};

/** One check that is never under way twice: one that hangs would pile up with every probe. */
const patiently = (name: string, check: Check, log: Log) => {
  let underWay: Promise<string> | undefined;

  const look = async (): Promise<string> => {
    try {
      // In a later turn, also when it throws at once: by then it counts as under way.
      await Promise.resolve().then(check);
      return OK;
    } catch (err) {
      const reason = reasonOf(err);
      if (reason === undefined) log.error({ err, check: name }, 'a health check failed');
      return reason ?? 'failed; see the log';
    } finally {
      underWay = undefined;
    }
  };

  return async (): Promise<string> => {
    const patience = new AbortController();
    const late = pause(LONGEST_CHECK_MS, LATE, { signal: patience.signal }).catch(() => LATE);
    try {
      return await Promise.race([(underWay ??= look()), late]);
    } finally {
      patience.abort();
    }
  };
};

/** Whether everything is there that this process needs, looked at now or a moment ago. */
export const readiness = (
  checks: Checks,
  log: Log,
  stopping?: AbortSignal,
): (() => Promise<Readiness>) => {
  const all = Object.entries(checks).map(
    ([name, check]) => [name, patiently(name, check, log)] as const,
  );
  let last: { readonly at: number; readonly found: Promise<Readiness> } | undefined;

  const look = async (): Promise<Readiness> => {
    const found = await Promise.all(
      all.map(async ([name, check]) => [name, await check()] as const),
    );
    return { ready: found.every(([, reason]) => reason === OK), checks: Object.fromEntries(found) };
  };

  return () => {
    // Whoever spreads requests learns first that none should come any more.
    if (stopping?.aborted)
      return Promise.resolve({ ready: false, checks: { process: 'is stopping' } });
    const now = performance.now();
    if (!last || now - last.at >= CHECKED_EVERY_MS) last = { at: now, found: look() };
    return last.found;
  };
};

/** As good as at the end of the log. */
const CAUGHT_UP_SECONDS = 1;

/**
 * Whether no view is further behind than `longestSeconds`; named are those that are. Whoever has
 * just started has to catch up with the log once before that.
 */
export const viewsKeepUp = (
  lagging: () => Promise<readonly { readonly name: string; readonly seconds: number }[]>,
  longestSeconds: number,
): Check => {
  let most = CAUGHT_UP_SECONDS;
  return async () => {
    const behind = (await lagging()).filter(({ seconds }) => seconds > most);
    if (behind.length === 0) {
      most = longestSeconds;
      return;
    }
    const said = behind.map(({ name, seconds }) => `${name} is ${Math.round(seconds)} s behind`);
    throw new NotReady(`${said.join(', ')}; ${most} s are the most`);
  };
};
