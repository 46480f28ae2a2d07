/** One row per reseller: projections write it, queries read it, nobody decides by it. */
export const resellersTable = 'resellers_view';
export const resellersView = 'resellers';

export type ResellerRow = {
  readonly reseller_id: string;
  readonly subject_id: string;
  /** These are sealed under the subject's key, as fields `fullName`, `cpf` and `email`. */
  readonly full_name: string | null;
  readonly cpf: string | null;
  readonly email: string | null;
  readonly registered_at: Date;
  /** Where it was registered in the log. A bigint, in decimal. */
  readonly position: string;
  /** The stream's, so that a reader can send back what it saw (`ETag`, `If-Match`). */
  readonly revision: number;
};
