/** One row per account: projections write it, queries read it, nobody decides by it. */
export const accountsTable = 'accounts_view';
export const accountsView = 'accounts';

export type AccountRow = {
  readonly account_id: string;
  readonly subject_id: string;
  /** Sealed under the subject's key, as field `username`. */
  readonly username: string | null;
  readonly role: string;
  readonly company_id: string | null;
  readonly disabled: boolean;
  readonly opened_at: Date;
  /** Where it was opened in the log: the order of lists. A bigint, in decimal. */
  readonly position: string;
  /** The stream's, so that a reader can send back what it saw (`ETag`, `If-Match`). */
  readonly revision: number;
};
