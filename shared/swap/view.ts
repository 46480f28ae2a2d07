/** One row per transaction: projections write it, queries read it, nobody decides by it. */
export const transactionsTable = 'transactions_view';
export const transactionsView = 'transactions';

/** What came of a reply: it decided, or why it changed nothing. */
export type ReplyVerdict = 'confirm' | 'error' | 'duplicate' | 'contradictory' | 'late' | 'garbled';

export type ReplyShown = {
  readonly at: string;
  /** In base64 where it is no text. */
  readonly payload: string;
  readonly verdict: ReplyVerdict;
};

export type TransactionRow = {
  readonly swap_id: string;
  /** A bigint, in decimal. */
  readonly number: string;
  readonly station_id: string;
  readonly status: 'PENDING' | 'COMPLETED' | 'FAILED' | 'EXPIRED';
  readonly started_at: Date;
  readonly decided_at: Date | null;
  readonly replies: readonly ReplyShown[];
  /** Where it was started in the log: the order of lists. A bigint, in decimal. */
  readonly position: string;
  /** The stream's, so that a reader can send back what it saw (`ETag`, `If-Match`). */
  readonly revision: number;
};
