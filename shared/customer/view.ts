/** One row per customer: projections write it, queries read it, nobody decides by it. */
export const customersTable = 'customers_view';
export const customersView = 'customers';

export type CustomerRow = {
  readonly customer_id: string;
  readonly subject_id: string;
  /** These are sealed under the subject's key, as fields `name` and `email`. */
  readonly name: string | null;
  readonly email: string | null;
  readonly email_hash: string;
  /** Where it was registered in the log: the order of lists. A bigint, in decimal. */
  readonly position: string;
  /** The stream's, so that a reader can send back what it saw (`ETag`, `If-Match`). */
  readonly revision: number;
};
