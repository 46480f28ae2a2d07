import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { positionsOf } from './checkpoint.ts';

const POLL_MS = 20;
/** More than this many waiting at once means that something is wrong; more would not help. */
export const MOST_WAITING = 5_000;

type Waiting = {
  readonly names: readonly string[];
  readonly position: bigint;
  /** On the clock of `performance.now()`. */
  readonly until: number;
  readonly settle: (outcome: boolean | Promise<boolean>) => void;
};

/**
 * Waits until views show everything up to a position. False: not in time, or too many wait
 * already. All who wait in a process share one query every 20 ms; while nobody waits there is none.
 */
export const reachedIn = (db: Knex, { mostWaiting = MOST_WAITING } = {}) => {
  const waiting = new Set<Waiting>();
  let polling = false;

  const look = async (): Promise<void> => {
    // Whoever comes while the query is on its way may have missed it, and is looked at next time.
    const asking = [...waiting];
    const names = new Set(asking.flatMap((one) => one.names));
    const looking = positionsOf(db, [...names]);
    try {
      const positions = await looking;
      const isThere = (one: Waiting) =>
        one.names.every((name) => (positions.get(name) ?? BEGINNING) >= one.position);
      for (const one of asking)
        if (isThere(one)) one.settle(true);
        else if (performance.now() >= one.until) one.settle(false);
    } catch {
      for (const one of asking) one.settle(looking.then(() => false));
    }
  };

  const poll = async (): Promise<void> => {
    polling = true;
    while (waiting.size > 0) {
      await look();
      if (waiting.size > 0) await pause(POLL_MS);
    }
    polling = false;
  };

  return (names: readonly string[], position: bigint, waitMs: number): Promise<boolean> => {
    if (waiting.size >= mostWaiting) return Promise.resolve(false);
    return new Promise((resolve) => {
      const until = performance.now() + waitMs;
      const one: Waiting = {
        ...{ names, position, until },
        settle: (outcome) => {
          waiting.delete(one);
          resolve(outcome);
        },
      };
      waiting.add(one);
      if (!polling) void poll();
    });
  };
};
