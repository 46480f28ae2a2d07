import { setTimeout as pause } from 'node:timers/promises';
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { StoreAway } from '#shared/kernel/event-store.ts';
import { isPassing, Late } from './failures.ts';

/** Jittered, so that all who lost the same server do not come back in the same instant. */
export const backoff = () => new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 });

/** Its signal says that nobody waits for it any more. */
type Attempt<T> = (signal: AbortSignal) => Promise<T>;

/** Asks, and asks again as long as it is only the store that fails. */
export type Patience = <T>(
  what: string,
  /** Harmless to repeat. */
  attempt: Attempt<T>,
) => Promise<T>;

/** No more than a timer and a signal: every command comes through here. */
const inTime = <T>(attempt: Attempt<T>, ms: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const over = new AbortController();
    const timer = setTimeout(() => {
      const late = new Late(`No answer within ${ms} ms`);
      reject(late);
      over.abort(late);
    }, ms);
    attempt(over.signal)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
      });
  });

const away = (what: string, answerMs: number, cause: unknown) =>
  new StoreAway(
    `The event store did not answer within ${answerMs} ms (${what}): ` +
      'see that it runs, and that EVENTSTORE_URL says where',
    { cause },
  );

/** @throws {StoreAway} when there is no answer in time. */
const patience =
  (answerMs: number, attemptMs: number): Patience =>
  async (what, attempt) => {
    const until = performance.now() + answerMs;
    let rest: IBackoff<unknown> | undefined;
    for (;;)
      try {
        return await inTime(attempt, Math.min(attemptMs, until - performance.now()));
      } catch (error) {
        if (!isPassing(error)) throw error;
        rest = rest ? rest.next(undefined) : backoff().next();
        if (performance.now() + rest.duration >= until) throw away(what, answerMs, error);
        await pause(rest.duration);
      }
  };

/** One attempt at an append; the server itself gives up on a write after two seconds. */
const LONGEST_ATTEMPT_MS = 3_000;

/** For whoever waits for a decision: 8 s in all. */
export const asking = patience(8_000, LONGEST_ATTEMPT_MS);

/** For whoever reads the log, thousands of events at a time: nobody waits for those. */
export const paging = patience(60_000, 20_000);
