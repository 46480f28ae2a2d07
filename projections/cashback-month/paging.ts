import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** Page after page, each from where the one before ended, until one is not full. */
export const inPages = async function* <T>(
  size: number,
  read: (after: T | undefined, limit: number) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  let last: T | undefined;
  for (;;) {
    const page = await read(last, size);
    if (page.length > 0) yield page;
    if (page.length < size) return;
    last = page.at(-1);
  }
};

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
