import type { Knex } from 'knex';
import { customersTable, type CustomerRow } from '#shared/customer/view.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { openRows, type SealedColumns } from '#shared/platform/open-rows.ts';

const SEALED: SealedColumns<CustomerRow> = {
  subject: 'subject_id',
  fields: [
    ['name', 'name'],
    ['email', 'email'],
  ],
};

export const openCustomers = (keys: PersonalKeys, rows: readonly CustomerRow[]) =>
  openRows(keys, SEALED, rows);

export type CustomerFilter = { readonly emailHash?: string };

/** Newest first, `limit` at most, from before a position in the log; in clear. */
export const customersBefore = async (
  db: Knex,
  keys: PersonalKeys,
  { emailHash }: CustomerFilter,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<CustomerRow[]> => {
  const rows = db<CustomerRow>(customersTable).select('*');
  if (emailHash !== undefined) void rows.where({ email_hash: emailHash });
  if (before !== undefined) void rows.where('position', '<', before);
  return openRows(keys, SEALED, await rows.orderBy('position', 'desc').limit(limit));
};

/** As it stands in the view: sealed. */
export const customerById = (db: Knex, id: string): Promise<CustomerRow | undefined> =>
  db<CustomerRow>(customersTable).where({ customer_id: id }).first();
