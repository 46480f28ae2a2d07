/** Whose cashback, and how much, as the partner is told. */
export type CashbackCredit = {
  /** Digits. */
  readonly document: string;
  /** A decimal string with two places. */
  readonly cashback: string;
};

type Answered = {
  readonly httpStatus?: number;
  /** As much of it as is kept. */
  readonly body?: string;
};

/** All that can come of a call. What is unknown may have been done, and must not be done again. */
export type Forwarded = Answered &
  (
    | { readonly outcome: 'accepted'; readonly partnerId?: string }
    | { readonly outcome: 'failed'; readonly final: boolean; readonly error: string }
    | {
        readonly outcome: 'uncertain';
        readonly why: 'timed-out' | 'broken-off' | 'unexpected-status';
        readonly error: string;
      }
  );

/**
 * Asks the partner to credit a cashback, once, whatever comes of it. `begin` is called right
 * before the call; when it throws there is no call, and the same is thrown on.
 * @throws {PartnerAway} before `begin`, while the partner is left in peace.
 */
export type ForwardCashback = (
  credit: CashbackCredit,
  options: {
    readonly idempotencyKey: string;
    /** Aborted when nobody can wait any longer: the call is cut off. */
    readonly signal: AbortSignal;
    readonly begin: () => Promise<void>;
  },
) => Promise<Forwarded>;

/** It has failed so often lately that it is not asked for a while. */
export class PartnerAway extends Error {
  override readonly name = 'PartnerAway';
}
