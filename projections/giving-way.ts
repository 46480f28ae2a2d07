import { setTimeout as pause } from 'node:timers/promises';

/** A follower that finds so many events at once does not keep up with them one by one. */
const MANY = 64;
const LASTS_MS = 1_000;
const LOOK_MS = 50;

/** Whether those who follow the log have all they can do, as far as their last second tells. */
export type Pressure = { readonly isHigh: () => boolean };

/** Told how many events each step of a follower took. */
export const pressureOf = (now: () => number = () => performance.now()) => {
  let until = -Infinity;
  return {
    stepped: (events: number): void => {
      if (events >= MANY) until = now() + LASTS_MS;
    },
    isHigh: (): boolean => now() < until,
  };
};

/**
 * Does what can wait one after the other while there is pressure, and all at once when there is
 * none, or when it is told to stop.
 */
export const givingWay = ({ isHigh }: Pressure) => {
  let underWay = 0;
  return async <T>(work: () => Promise<T>, stopping: AbortSignal): Promise<T> => {
    while (underWay > 0 && isHigh() && !stopping.aborted)
      await pause(LOOK_MS, undefined, { signal: stopping }).catch(() => undefined);
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
    }
  };
};
