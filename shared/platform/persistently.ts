import { setTimeout as pause } from 'node:timers/promises';
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import type { Log } from './log.ts';

const FIRST_REST_MS = 200;
const LONGEST_REST_MS = 10_000;

export type Persistence = {
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly firstRestMs?: number;
};

/**
 * Tries until it works, with rests that grow. Nothing if it is told to stop before: a process that
 * starts while its servers are away waits for them, and says so.
 */
export const persistently = async <T>(
  what: string,
  work: () => Promise<T>,
  { log, signal, firstRestMs = FIRST_REST_MS }: Persistence,
): Promise<T | undefined> => {
  let rest: IBackoff<unknown> = new ExponentialBackoff({
    initialDelay: firstRestMs,
    maxDelay: LONGEST_REST_MS,
  }).next();
  while (!signal.aborted)
    try {
      return await work();
    } catch (err) {
      log.warn({ err, what }, 'does not work yet; goes on trying');
      await pause(rest.duration, undefined, { signal }).catch(() => undefined);
      rest = rest.next(undefined);
    }
  return undefined;
};
