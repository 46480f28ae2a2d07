import type { Knex } from 'knex';
import { companiesTable, type CompanyRow } from '#shared/company/view.ts';

/** Newest first, `limit` at most, from before a position in the log. */
export const companiesBefore = (
  db: Knex,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<CompanyRow[]> => {
  const rows = db<CompanyRow>(companiesTable).select('*');
  if (before !== undefined) void rows.where('position', '<', before);
  return rows.orderBy('position', 'desc').limit(limit);
};

export const companyById = (db: Knex, id: string): Promise<CompanyRow | undefined> =>
  db<CompanyRow>(companiesTable).where({ company_id: id }).first();
