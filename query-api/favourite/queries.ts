import type { Knex } from 'knex';
import { customersTable, type CustomerRow } from '#shared/customer/view.ts';
import { favouritesTable, type FavouriteRow } from '#shared/favourite/view.ts';

export const isCustomer = async (db: Knex, id: string): Promise<boolean> =>
  (await db<CustomerRow>(customersTable).where({ customer_id: id }).first('customer_id')) !==
  undefined;

/** Newest first, `limit` at most, from before a position in the log. */
export const favouritesBefore = (
  db: Knex,
  { customerId, status }: { readonly customerId: string; readonly status: FavouriteRow['status'] },
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<FavouriteRow[]> => {
  const rows = db<FavouriteRow>(favouritesTable).where({ customer_id: customerId, status });
  if (before !== undefined) void rows.where('position', '<', before);
  return rows.orderBy('position', 'desc').limit(limit);
};
