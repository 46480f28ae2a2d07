import type { Knex } from 'knex';
import { activationsTable, type ActivationRow } from '#shared/activation/view.ts';

/** Whose activations: those that a company made or is the destination of, or everybody's. */
export type Sight = { readonly company: string } | 'everything';

export type ActivationFilter = {
  readonly status?: ActivationRow['status'];
  readonly companyId?: string;
  readonly customerMid?: string;
};

export type ListPage = { readonly limit: number; readonly before?: string | undefined };

type Rows = Knex.QueryBuilder<ActivationRow, ActivationRow[]>;

const filtered = (db: Knex, filter: ActivationFilter, { limit, before }: ListPage): Rows => {
  const { status, companyId, customerMid } = filter;
  const rows = db<ActivationRow>(activationsTable).select('*');
  if (status !== undefined) void rows.where({ status });
  if (companyId !== undefined) void rows.where({ company_id: companyId });
  if (customerMid !== undefined) void rows.where({ customer_mid: customerMid });
  if (before !== undefined) void rows.where('position', '<', before);
  return rows.orderBy('position', 'desc').limit(limit);
};

/**
 * Newest first, `limit` at most. What a company sees is the union of two short index scans: with
 * an `or` Postgres would sort all that the company ever had.
 */
export const activationsSeenBy = async (
  db: Knex,
  sight: Sight,
  filter: ActivationFilter,
  page: ListPage,
): Promise<ActivationRow[]> => {
  const one = () => filtered(db, filter, page);
  if (sight === 'everything') return one();
  const { company } = sight;
  const either = one()
    .where({ company_id: company })
    .union([one().where({ requested_by_company: company })], true);
  return db
    .select<ActivationRow[]>('*')
    .from(either.as('either'))
    .orderBy('position', 'desc')
    .limit(page.limit);
};

export const activationById = (db: Knex, id: string): Promise<ActivationRow | undefined> =>
  db<ActivationRow>(activationsTable).where({ activation_id: id }).first();

export const isSeenBy = (
  sight: Sight,
  row: Pick<ActivationRow, 'company_id' | 'requested_by_company'>,
): boolean =>
  sight === 'everything' || [row.company_id, row.requested_by_company].includes(sight.company);
