/** One row per activation: projections write it, queries read it, nobody decides by it. */
export const activationsTable = 'activations_view';
export const activationsView = 'activations';

export type ActivationRow = {
  readonly activation_id: string;
  readonly status: 'PENDING' | 'APPROVED' | 'REJECTED' | 'CANCELLED';
  readonly company_id: string;
  readonly requested_by_user: string;
  readonly requested_by_company: string | null;
  readonly customer_mid: string;
  readonly subject_id: string;
  /** Sealed under the subject's key, as field `customerEmail`. */
  readonly customer_email: string | null;
  readonly product: string;
  readonly reason: string | null;
  readonly submitted_at: Date;
  readonly decided_at: Date | null;
  readonly decided_by: string | null;
  /** Where it was submitted in the log: the order of lists. A bigint, in decimal. */
  readonly position: string;
  /** The stream's, so that a reader can send back what it saw (`ETag`, `If-Match`). */
  readonly revision: number;
};
