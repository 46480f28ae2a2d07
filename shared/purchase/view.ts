/** One row per purchase: projections write it, queries read it, nobody decides by it. */
export const purchasesTable = 'purchases_view';
export const purchasesView = 'purchases';

export type PurchaseRow = {
  readonly purchase_id: string;
  readonly code: string;
  readonly reseller_id: string;
  /** A bigint, in decimal. */
  readonly amount_in_cents: string;
  /** `YYYY-MM-DD`, and its first seven letters. */
  readonly date: string;
  readonly month: string;
  readonly status: 'IN_VALIDATION' | 'APPROVED' | 'REJECTED' | 'WITHDRAWN';
  /** Lists show what is withdrawn only to those who ask for it. */
  readonly withdrawn: boolean;
  /** What was granted for it when its month was closed; `null` before. */
  readonly granted_month: string | null;
  readonly granted_percent: string | null;
  readonly granted_amount_in_cents: string | null;
  readonly granted_cashback_in_cents: string | null;
  /** Where it was registered in the log: the order of lists. A bigint, in decimal. */
  readonly position: string;
  /** The stream's, so that a reader can send back what it saw (`ETag`, `If-Match`). */
  readonly revision: number;
};
