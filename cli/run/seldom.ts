import { LRUCache } from 'lru-cache';

const QUIET_MS = 10_000;
const REMEMBERED = 200;

/**
 * Lets the same thing be said once in ten seconds: a server that is away troubles everybody at once,
 * and again and again. The first word tells all; the log has every one.
 * @returns how often it was kept back since it was last said; nothing while it is to be kept back.
 */
export const seldom = (now: () => number): ((what: string) => number | undefined) => {
  const said = new LRUCache<string, { readonly at: number; keptBack: number }>({ max: REMEMBERED });
  return (what) => {
    const last = said.get(what);
    if (last && now() - last.at < QUIET_MS) {
      last.keptBack += 1;
      return undefined;
    }
    said.set(what, { at: now(), keptBack: 0 });
    return last?.keptBack ?? 0;
  };
};
