/** One row per company: projections write it, queries read it, nobody decides by it. */
export const companiesTable = 'companies_view';
export const companiesView = 'companies';

export type CompanyRow = {
  readonly company_id: string;
  readonly name: string;
  /** 14 digits. */
  readonly cnpj: string | null;
  readonly opened_at: Date;
  /** Where it was opened in the log: the order of lists. A bigint, in decimal. */
  readonly position: string;
  /** The stream's, so that a reader can send back what it saw (`ETag`, `If-Match`). */
  readonly revision: number;
};
