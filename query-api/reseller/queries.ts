import type { Knex } from 'knex';
import { resellersTable, type ResellerRow } from '#shared/reseller/view.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { openRows, type SealedColumns } from '#shared/platform/open-rows.ts';

const SEALED: SealedColumns<ResellerRow> = {
  subject: 'subject_id',
  fields: [
    ['full_name', 'fullName'],
    ['cpf', 'cpf'],
    ['email', 'email'],
  ],
};

export const resellerById = (db: Knex, id: string): Promise<ResellerRow | undefined> =>
  db<ResellerRow>(resellersTable).where({ reseller_id: id }).first();

/** With personal data in clear; `null` in its place once they were erased. */
export const openResellers = (
  keys: PersonalKeys,
  rows: readonly ResellerRow[],
): Promise<readonly ResellerRow[]> => openRows(keys, SEALED, rows);
