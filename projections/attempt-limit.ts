import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** An attempt that takes longer has failed, whatever it is still waiting for. */
const LONGEST_ATTEMPT_MS = 120_000;
/** What is cut off has this long to come to its end. */
const GRACE_MS = 1_000;

/** Aborted when the process stops, or when it takes too long. */
export const limited = (stopping: AbortSignal) => {
  const limit = new AbortController();
  const cut = () => {
    limit.abort();
  };
  const timer = setTimeout(cut, LONGEST_ATTEMPT_MS);
  stopping.addEventListener('abort', cut, { once: true });
  if (stopping.aborted) cut();
  const end = () => {
    clearTimeout(timer);
    stopping.removeEventListener('abort', cut);
  };
  return { signal: limit.signal, end };
};

/** @throws when the attempt is over, and has had its time to come to an end by itself. */
export const cutOff = async (signal: AbortSignal): Promise<never> => {
  if (!signal.aborted) await once(signal, 'abort');
  await pause(GRACE_MS);
  throw new Error('It took too long, and was cut off');
};
