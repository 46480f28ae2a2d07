import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** @throws when it does not become so within a time, saying what. */
export const waitFor = async (
  what: string,
  isSo: () => Promise<boolean>,
  { longestMs, signal }: { readonly longestMs: number; readonly signal: AbortSignal },
): Promise<void> => {
  for (let waitedMs = 0; !(await isSo()); waitedMs += LOOK_EVERY_MS) {
    if (waitedMs >= longestMs) throw new Error(`Waited in vain until ${what}; it comes again`);
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
};
