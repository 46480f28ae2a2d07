/** Work that is done side by side, so much of it and no more. */
export const inFlight = (most: number) => {
  const running = new Set<Promise<void>>();

  return {
    /** Waits until there is room, not until it is done. */
    add: async (work: () => Promise<void>, failed: (error: unknown) => void) => {
      while (running.size >= most) await Promise.race(running);
      const run = work().catch(failed);
      running.add(run);
      void run.finally(() => running.delete(run));
    },
    allDone: () => Promise.all(running),
  };
};

/** How far everything is done, of what was begun in the order of the log. */
export const progressFrom = (start: bigint) => {
  type Entry = { readonly upTo: bigint; done: boolean };
  const order: Entry[] = [];
  let doneUpTo = start;

  const settle = () => {
    const open = order.findIndex(({ done }) => !done);
    const settled = order.splice(0, open === -1 ? order.length : open);
    doneUpTo = settled.at(-1)?.upTo ?? doneUpTo;
  };

  return {
    /** To be called when it is done; calling it again changes nothing. */
    begin: (upTo: bigint): (() => void) => {
      const entry: Entry = { upTo, done: false };
      order.push(entry);
      return () => {
        entry.done = true;
      };
    },
    /** There was nothing to do up to there. */
    pass: (upTo: bigint) => {
      const last = order.at(-1);
      if (last?.done) order.pop();
      order.push({ upTo, done: true });
    },
    doneUpTo: () => {
      settle();
      return doneUpTo;
    },
  };
};
