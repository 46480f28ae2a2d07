import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhenResult,
  wrap,
} from 'cockatiel';
import { PartnerAway, type ForwardCashback, type Forwarded } from '#shared/sale/ports.ts';
import { post } from './exchange.ts';
import { outcomeOf } from './outcome.ts';

/** More at once would be a load that nobody agreed to; further ones wait for their turn. */
const MOST_AT_ONCE = 8;
const MOST_WAITING = 100;
/** After so many failures in a row the partner is left in peace, each time for longer. */
const FAILURES_IN_A_ROW = 5;
const PEACE = { initialDelay: 1_000, maxDelay: 60_000 };

export type CashbackApi = {
  /** The full address that is posted to. */
  readonly url: string;
  readonly timeoutMs: number;
};

/** It is the partner that is in trouble, and not what it was asked. */
const isTrouble = (came: Forwarded): boolean => {
  switch (came.outcome) {
    case 'accepted':
      return false;
    case 'failed':
      return !came.final;
    case 'uncertain':
      return came.why !== 'unexpected-status';
  }
};

/** Asks the partner's cashback API; one circuit breaker and one limit for the whole process. */
export const cashbackForwarding = (
  { url, timeoutMs }: CashbackApi,
  { peace = PEACE, mostWaiting = MOST_WAITING } = {},
): ForwardCashback => {
  const policy = wrap(
    bulkhead(MOST_AT_ONCE, mostWaiting),
    circuitBreaker(
      handleWhenResult((came) => isTrouble(came as Forwarded)),
      {
        breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
        halfOpenAfter: new ExponentialBackoff(peace),
      },
    ),
  );
  const address = new URL(url);

  return async (credit, { idempotencyKey, signal, begin }) => {
    const headers = {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      'Idempotency-Key': idempotencyKey,
    };
    try {
      return await policy.execute(async () => {
        await begin();
        const body = JSON.stringify(credit);
        return outcomeOf(await post({ url: address, headers, body, timeoutMs, signal }));
      });
    } catch (error) {
      if (error instanceof BrokenCircuitError)
        throw new PartnerAway(
          'The cashback API has failed again and again, and is left in peace for a while',
        );
      if (error instanceof BulkheadRejectedError)
        throw new PartnerAway('Too many are waiting for the cashback API already');
      throw error;
    }
  };
};
