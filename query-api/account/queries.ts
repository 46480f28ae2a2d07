import type { Knex } from 'knex';
import { accountsTable, type AccountRow } from '#shared/account/view.ts';

export type AccountFilter = { readonly role?: string; readonly companyId?: string };

/** Newest first, `limit` at most, from before a position in the log. */
export const accountsBefore = (
  db: Knex,
  { role, companyId }: AccountFilter,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<AccountRow[]> => {
  const rows = db<AccountRow>(accountsTable).select('*');
  if (role !== undefined) void rows.where({ role });
  if (companyId !== undefined) void rows.where({ company_id: companyId });
  if (before !== undefined) void rows.where('position', '<', before);
  return rows.orderBy('position', 'desc').limit(limit);
};

export const accountById = (db: Knex, id: string): Promise<AccountRow | undefined> =>
  db<AccountRow>(accountsTable).where({ account_id: id }).first();
