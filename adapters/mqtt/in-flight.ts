/** Work that is done side by side, in the order of the log, and how far all of it is done. */
export const inFlight = (most: number, start: bigint) => {
  type Entry = { readonly upTo: bigint; done: boolean };
  const order: Entry[] = [];
  const running = new Set<Promise<void>>();
  let doneUpTo = start;

  const settle = (entry: Entry) => {
    entry.done = true;
    while (order[0]?.done) doneUpTo = order.shift()?.upTo ?? doneUpTo;
  };

  return {
    /** Waits until there is room, not until it is done. What fails is never done. */
    add: async (upTo: bigint, work: () => Promise<void>, failed: (error: unknown) => void) => {
      while (running.size >= most) await Promise.race(running);
      const entry: Entry = { upTo, done: false };
      order.push(entry);
      const run = work().then(() => {
        settle(entry);
      }, failed);
      running.add(run);
      void run.finally(() => running.delete(run));
    },
    /** There was nothing to do up to there. */
    pass: (upTo: bigint) => {
      const entry: Entry = { upTo, done: false };
      order.push(entry);
      settle(entry);
    },
    doneUpTo: () => doneUpTo,
    allDone: () => Promise.all(running),
  };
};
