import type { Expected } from './expected-revision.ts';
import { sizeOf } from './proposal.ts';
import type { Proposed } from './record.ts';

/** An append of a batch, from its first chunk to its answer. */
export type PendingAppend = {
  /** What its answer names it by, as they came. */
  readonly correlation: Buffer;
  readonly identifier: Buffer;
  readonly stream: string;
  readonly expected: Expected;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly events: Proposed[];
  size: number;
  /** No chunk is to come: it is the writer's now. */
  complete: boolean;
};

/** What a call may have unanswered before no more is read from it. */
const MOST_UNANSWERED = 1_000;
const MOST_UNANSWERED_BYTES = 32 * 1024 * 1024;

const keyOf = (correlation: Buffer): string => correlation.toString('latin1');

/** The appends of one call that have not been answered. */
export const pendingAppends = () => {
  const appends = new Map<string, PendingAppend>();
  let bytes = 0;

  return {
    find: (correlation: Buffer) => appends.get(keyOf(correlation)),
    add: (append: PendingAppend) => {
      appends.set(keyOf(append.correlation), append);
    },
    grow: (append: PendingAppend, events: readonly Proposed[]) => {
      const size = events.reduce((sum, event) => sum + sizeOf(event), 0);
      append.events.push(...events);
      append.size += size;
      bytes += size;
    },
    /** True the first time: whoever asks may answer, and nobody after it. */
    settle: (append: PendingAppend): boolean => {
      const key = keyOf(append.correlation);
      if (appends.get(key) !== append) return false;
      appends.delete(key);
      bytes -= append.size;
      return true;
    },
    expired: (now: number) => [...appends.values()].filter(({ expiresAt }) => expiresAt <= now),
    isEmpty: () => appends.size === 0,
    isFull: () => appends.size >= MOST_UNANSWERED || bytes >= MOST_UNANSWERED_BYTES,
  };
};
