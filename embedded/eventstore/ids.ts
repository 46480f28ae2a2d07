import { LRUCache } from 'lru-cache';
import type { PlaceKey } from './keys.ts';
import type { Entry } from './stores.ts';

/**
 * Where it is remembered which events a stream has had, for appends that name no revision: for
 * good; or, as the real server does, the last of them and until the next start.
 */
export type IdCache = 'durable' | 'volatile';

/** About what the real server's 8 MiB hold. */
const MOST_REMEMBERED = 80_000;

const keyOf = (stream: number, id: Uint8Array): string =>
  `${stream} ${Buffer.from(id).toString('latin1')}`;

/** Ids of what was committed lately, by stream. */
export const recentIds = () => {
  const revisions = new LRUCache<string, number>({ max: MOST_REMEMBERED });
  return {
    revisionOf: (stream: number, id: Uint8Array): number | undefined =>
      revisions.get(keyOf(stream, id)),
    remember: (entries: readonly (readonly [place: PlaceKey, entry: Entry])[]): void => {
      for (const [[stream, revision], { id }] of entries)
        revisions.set(keyOf(stream, id), revision);
    },
  };
};
