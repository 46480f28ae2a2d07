import { setTimeout as pause } from 'node:timers/promises';

const LOOK_MS = 20;

/** What is found, as soon as it is what is looked for; throws when that takes too long. */
export const found = async <T>(
  find: () => Promise<T>,
  isIt: (latest: T) => boolean,
  longestMs = 60_000,
): Promise<T> => {
  const until = performance.now() + longestMs;
  for (;;) {
    const latest = await find();
    if (isIt(latest)) return latest;
    if (performance.now() > until)
      throw new Error(
        `Not in ${longestMs} ms; the last that was found: ${JSON.stringify(latest).slice(0, 500)}`,
      );
    await pause(LOOK_MS);
  }
};
