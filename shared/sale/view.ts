/** One row per sale: projections write it, queries read it, nobody decides by it. */
export const salesTable = 'sales_view';
export const salesView = 'sales';

export const SALE_STATUSES = ['REFUSED', 'CALCULATED', 'ACCEPTED', 'FAILED', 'UNCERTAIN'] as const;

/** What came of an attempt; `PENDING` while that is not on record. */
export const ATTEMPT_OUTCOMES = ['PENDING', 'ACCEPTED', 'FAILED', 'UNCERTAIN'] as const;

export type SaleAttempt = {
  readonly at: string;
  readonly outcome: (typeof ATTEMPT_OUTCOMES)[number];
  readonly httpStatus?: number;
  /** Sealed under the subject's key, as field `body`. */
  readonly body?: string;
  readonly error?: string;
};

export type SaleRow = {
  readonly sale_id: string;
  readonly status: (typeof SALE_STATUSES)[number];
  /** The account of the ERP. */
  readonly received_from: string;
  /** Whose key sealed columns are under: the buyer's, or one for this sale alone. */
  readonly subject_id: string;
  /** Sealed, as are those that follow; null of a refused sale. */
  readonly document: string | null;
  readonly name: string | null;
  /** Of a refused sale: JSON, sealed as field `errors`. */
  readonly errors: string | null;
  /** Of a refused sale: the parts of what was sent, each sealed as field `received`. */
  readonly received: readonly string[];
  /** In how many parts it came; fewer are there while the rest is still to come. */
  readonly received_parts: number;
  readonly reasons: readonly string[];
  readonly warnings: readonly { readonly code: string; readonly saleId: string }[];
  /** As far as it could be understood. */
  readonly sold_at: Date | null;
  /** The day in São Paulo, or the one on which it came. A date of the driver's has a time zone. */
  readonly sold_on: string;
  /** Cents; a bigint, in decimal. */
  readonly total: string | null;
  readonly cashback: string;
  readonly rule_set: string | null;
  readonly lines: readonly (readonly [type: string, valueInCents: number, qty: number])[];
  readonly calculated: readonly (readonly [amount: number, percent: string, cashback: number])[];
  /** About how many bytes it takes to show: what a page of sales may hold is counted in them too. */
  readonly weight: number;
  readonly partner_id: string | null;
  readonly attempts: readonly SaleAttempt[];
  readonly received_at: Date;
  /** Where it was received in the log: the order of lists. A bigint, in decimal. */
  readonly position: string;
  /** The stream's, so that a reader can send back what it saw (`ETag`, `If-Match`). */
  readonly revision: number;
};
