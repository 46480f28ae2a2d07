import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from './log.ts';

/**
 * Does something again and again until it is told to stop, with a rest in between. What fails is
 * tried again the next time; only the first failure of a row is worth a line.
 */
export const regularly = async (
  what: string,
  restMs: number,
  work: () => Promise<unknown>,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> => {
  let failing = false;
  while (!signal.aborted) {
    try {
      await work();
      failing = false;
    } catch (err) {
      if (!failing) log.warn({ err, what }, 'does not work; goes on trying');
      failing = true;
    }
    await pause(restMs, undefined, { signal }).catch(() => undefined);
  }
};
