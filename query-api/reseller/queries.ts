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

/** With their personal data in clear; `null` in its place once they were erased. */
export const resellerOf = async (
  db: Knex,
  keys: PersonalKeys,
  id: string,
): Promise<ResellerRow | undefined> => {
  const row = await db<ResellerRow>(resellersTable).where({ reseller_id: id }).first();
  const [opened] = row ? await openRows(keys, SEALED, [row]) : [];
  return opened;
};
