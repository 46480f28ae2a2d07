import { ExponentialBackoff, handleWhen, retry, timeout, TimeoutStrategy, wrap } from 'cockatiel';
import { StoreAway } from '#shared/kernel/event-store.ts';
import { isPassing } from './failures.ts';

/** More than the time allows, so that it is time that ends it. */
const MOST_ATTEMPTS = 1_000;

/** Jittered, so that all who lost the same server do not come back in the same instant. */
export const backoff = () => new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 });

/** Asks, and asks again as long as it is only the store that fails. */
export type Patience = <T>(
  what: string,
  /** Harmless to repeat. Its signal says that nobody waits for it any more. */
  attempt: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** @throws {StoreAway} when there is no answer in time. */
const patience = (answerMs: number, attemptMs: number): Patience => {
  const policy = wrap(
    timeout(answerMs, TimeoutStrategy.Aggressive),
    retry(handleWhen(isPassing), { maxAttempts: MOST_ATTEMPTS, backoff: backoff() }),
    timeout(attemptMs, TimeoutStrategy.Aggressive),
  );

  return async (what, attempt) => {
    let lastCause: unknown;
    try {
      return await policy.execute(async ({ signal }) => {
        try {
          return await attempt(signal);
        } catch (error) {
          lastCause = error;
          throw error;
        }
      });
    } catch (error) {
      if (!isPassing(error)) throw error;
      const advice = 'see that it runs, and that EVENTSTORE_URL says where';
      throw new StoreAway(
        `The event store did not answer within ${answerMs} ms (${what}): ${advice}`,
        { cause: lastCause ?? error },
      );
    }
  };
};

/** One attempt at an append; the server itself gives up on a write after two seconds. */
export const LONGEST_ATTEMPT_MS = 3_000;

/** For whoever waits for a decision: 8 s in all. */
export const asking = patience(8_000, LONGEST_ATTEMPT_MS);

/** For whoever reads the log, thousands of events at a time: nobody waits for those. */
export const paging = patience(60_000, 20_000);
