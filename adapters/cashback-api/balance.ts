import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhenResult,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import type { BalanceOf } from '#shared/cashback-month/ports.ts';
import { balanceFrom, type BalanceAnswer } from './balance-answer.ts';

/** Asked again so often, in the time that there is for all of it. */
const MOST_RETRIES = 2;
/** So many that got no answer, one after the other, and nobody is asked for a while. */
const FAILURES_TO_BREAK = 5;
const BROKEN_FOR_MS = 5_000;
/** Of those who ask at the same time, so many are served; so many more wait for their turn. */
const MOST_AT_ONCE = 50;
const MOST_WAITING = 200;
const LARGEST_ANSWER = 65_536;

export type BalanceOptions = {
  /** Where `/v1/cashback` is. */
  readonly url: string;
  /** Shows the partner who we are; stands in a header, and nowhere else. */
  readonly token: string;
  /** From the first attempt to the last byte of the answer. */
  readonly timeoutMs: number;
  /** How long the partner is left alone before one is let through to see. */
  readonly brokenForMs?: number;
  /** Hears why there was no answer, without a word of who was asked about. */
  readonly onTrouble: (why: string) => void;
};

/** The code of what went wrong: a message might hold the address, and that holds a CPF. */
const codeOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.name : 'unknown';
};

const textOf = async (response: Response): Promise<string | undefined> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    const part = chunk as Uint8Array;
    bytes += part.byteLength;
    if (bytes > LARGEST_ANSWER) return undefined;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** One attempt. Whoever is cut off by the signal is not listened to any more. */
const asking =
  ({ url, token, onTrouble }: BalanceOptions) =>
  async (cpf: string, signal: AbortSignal): Promise<BalanceAnswer> => {
    const address = new URL(`${url.replace(/\/+$/, '')}/v1/cashback`);
    address.searchParams.set('cpf', cpf);
    try {
      const headers = { token, accept: 'application/json' };
      // Whoever sent us elsewhere would be shown the token there.
      const response = await fetch(address, { headers, redirect: 'manual', signal });
      const text = await textOf(response);
      const answer = balanceFrom(text ?? '');
      if (answer.outcome === 'unavailable') onTrouble(`unreadable, HTTP ${response.status}`);
      return answer;
    } catch (error) {
      if (!signal.aborted) onTrouble(codeOf(error));
      return { outcome: 'unavailable', mayPass: true };
    }
  };

/** In the time for all of it: waiting for one's turn, the attempts, and the pauses in between. */
const policyOf = ({ timeoutMs, brokenForMs = BROKEN_FOR_MS }: BalanceOptions) => {
  const unanswered = handleWhenResult(
    (answer) => (answer as BalanceAnswer).outcome === 'unavailable',
  );
  const passing = handleWhenResult((answer) => (answer as BalanceAnswer).mayPass);
  return wrap(
    timeout(timeoutMs, TimeoutStrategy.Aggressive),
    bulkhead(MOST_AT_ONCE, MOST_WAITING),
    circuitBreaker(unanswered, {
      halfOpenAfter: brokenForMs,
      breaker: new ConsecutiveBreaker(FAILURES_TO_BREAK),
    }),
    retry(passing, {
      maxAttempts: MOST_RETRIES,
      backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 1_000 }),
    }),
  );
};

/** Nobody was asked, or nobody answered in time. */
const UNANSWERED = [BrokenCircuitError, BulkheadRejectedError, TaskCancelledError];

/**
 * Asks a partner what somebody has accumulated. Nothing is remembered: who asks again gets what
 * the partner says then. What may pass is asked again, and while nothing comes back at all the
 * partner is left alone.
 */
export const cashbackBalance = (options: BalanceOptions): BalanceOf => {
  const policy = policyOf(options);
  const ask = asking(options);

  return async (cpf) => {
    try {
      return await policy.execute(({ signal }) => ask(cpf, signal));
    } catch (error) {
      if (!UNANSWERED.some((kind) => error instanceof kind)) throw error;
      options.onTrouble(error instanceof Error ? error.constructor.name : 'unknown');
      return { outcome: 'unavailable' };
    }
  };
};
