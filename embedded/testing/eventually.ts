import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';

const LONGEST_WAIT_MS = 10_000;
const LOOK_EVERY_MS = 25;

/** Waits until it is so; a bounded time, and then it is a failure. */
export const eventually = async (is: () => boolean | Promise<boolean>): Promise<void> => {
  for (let waited = 0; waited < LONGEST_WAIT_MS && !(await is()); waited += LOOK_EVERY_MS)
    await pause(LOOK_EVERY_MS);
  expect(await is(), is.toString()).to.equal(true);
};

/** Whether there is no such process any more. */
export const isGone = (pid: number): boolean => {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
};

/** The error that something fails with; it is a failure if it does not. */
export const failureOf = async (attempt: Promise<unknown>): Promise<Error> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('It did not fail');
};
