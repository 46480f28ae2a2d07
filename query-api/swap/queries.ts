import type { Knex } from 'knex';
import { transactionsTable, type TransactionRow } from '#shared/swap/view.ts';

export type TransactionFilter = {
  readonly status?: TransactionRow['status'];
  readonly stationId?: string;
};

type ListPage = { readonly limit: number; readonly before?: string | undefined };

/** Newest first, `limit` at most, from before a position in the log. */
export const transactionsBefore = (
  db: Knex,
  { status, stationId }: TransactionFilter,
  { limit, before }: ListPage,
): Promise<TransactionRow[]> => {
  const rows = db<TransactionRow>(transactionsTable).select('*');
  if (status !== undefined) void rows.where({ status });
  if (stationId !== undefined) void rows.where({ station_id: stationId });
  if (before !== undefined) void rows.where('position', '<', before);
  return rows.orderBy('position', 'desc').limit(limit);
};

export const transactionById = (db: Knex, id: string): Promise<TransactionRow | undefined> =>
  db<TransactionRow>(transactionsTable).where({ swap_id: id }).first();
