import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 50;

/** Waits until something holds; says what it was waiting for when that takes too long. */
export const waitUntil = async (
  what: string,
  holds: () => boolean | Promise<boolean>,
  longestMs = 60_000,
): Promise<void> => {
  const until = performance.now() + longestMs;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`Waited ${longestMs} ms in vain: ${what}`);
    await pause(POLL_MS);
  }
};
