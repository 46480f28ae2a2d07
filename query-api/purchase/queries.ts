import type { Knex } from 'knex';
import { bandPercent, bandRulesOf } from '#shared/cashback-month/bands.ts';
import { resellerMonthsTable } from '#shared/cashback-month/view.ts';
import { purchasesTable, type PurchaseRow } from '#shared/purchase/view.ts';
import { resellersTable, type ResellerRow } from '#shared/reseller/view.ts';
import type { Month } from '#shared/kernel/calendar.ts';

/** Whose purchases: a reseller's own, or everybody's. */
export type Sight = { readonly reseller: string } | 'everything';

export type PurchaseFilter = {
  readonly month?: string;
  readonly status?: PurchaseRow['status'];
  readonly resellerId?: string;
};

export type ListPage = { readonly limit: number; readonly before?: string | undefined };

/** A purchase with the percentage of its month. */
export type PurchaseShown = PurchaseRow & { readonly percent: string };

type Rows = Knex.QueryBuilder<PurchaseRow, PurchaseRow[]>;
type Joined = PurchaseRow & { readonly percent: string | null };

/** The percentage is looked up for the rows that are shown, not for those that are looked through. */
const withMonths = (db: Knex, rows: Rows): Promise<Joined[]> =>
  db
    .from(rows.as('purchase'))
    .joinRaw(
      `left join ?? as month
         on month.reseller_month = purchase.reseller_id::text || '/' || purchase.month`,
      [resellerMonthsTable],
    )
    .orderBy('purchase.position', 'desc')
    .select<Joined[]>('purchase.*', 'month.percent');

/** A month that its own view has not got to yet, added up from its purchases. */
const addedUp = async (db: Knex, row: PurchaseRow): Promise<string> => {
  const { reseller_id, month } = row;
  const total = await db<PurchaseRow>(purchasesTable)
    .where({ reseller_id, month })
    .whereIn('status', ['IN_VALIDATION', 'APPROVED'])
    .sum<{ readonly sum: string | null }[]>({ sum: 'amount_in_cents' });
  return bandPercent(bandRulesOf(month as Month), Number(total[0]?.sum ?? 0));
};

/** Two views may be at different places for a moment; a list is the same length all the same. */
const withPercent = async (db: Knex, rows: Rows): Promise<PurchaseShown[]> => {
  const joined = await withMonths(db, rows);
  return Promise.all(
    joined.map(async (row) => ({ ...row, percent: row.percent ?? (await addedUp(db, row)) })),
  );
};

const registered = (db: Knex, id: string) =>
  db<ResellerRow>(resellersTable).where({ reseller_id: id }).select('reseller_id');

const filtered = (db: Knex, sight: Sight, { month, status, resellerId }: PurchaseFilter): Rows => {
  const rows = db<PurchaseRow>(purchasesTable).select('*');
  if (sight !== 'everything') void rows.where({ reseller_id: sight.reseller });
  // Whoever knows a CPF must not learn what was bought by somebody who was erased.
  if (resellerId !== undefined) void rows.whereIn('reseller_id', registered(db, resellerId));
  if (month !== undefined) void rows.where({ month });
  if (status === undefined) void rows.where({ withdrawn: false });
  else void rows.where({ status });
  return rows;
};

/** Newest first, `limit` at most. What was withdrawn only shows when it is asked for by status. */
export const purchasesSeenBy = (
  db: Knex,
  sight: Sight,
  filter: PurchaseFilter,
  { limit, before }: ListPage,
): Promise<PurchaseShown[]> => {
  const rows = filtered(db, sight, filter);
  if (before !== undefined) void rows.where('position', '<', before);
  return withPercent(db, rows.orderBy('position', 'desc').limit(limit));
};

export const purchaseById = async (db: Knex, id: string): Promise<PurchaseShown | undefined> => {
  const rows = db<PurchaseRow>(purchasesTable).where({ purchase_id: id });
  const [row] = await withPercent(db, rows);
  return row;
};

export const isSeenBy = (sight: Sight, row: PurchaseRow): boolean =>
  sight === 'everything' || sight.reseller === row.reseller_id;

/** Everything of a reseller's that counts in a month, or may once have. */
export const everCountedIn = async (
  db: Knex,
  { reseller_id, month }: Pick<PurchaseRow, 'reseller_id' | 'month'>,
  most: number,
): Promise<readonly string[] | 'too-many'> => {
  // What was never changed is in the month of its registration; a verdict changes none of that.
  const isOrWasIn = `month = ? or revision > case when status = 'IN_VALIDATION' then 0 else 1 end`;
  const ids = await db<PurchaseRow>(purchasesTable)
    .where({ reseller_id })
    .whereRaw(`(${isOrWasIn})`, [month])
    .limit(most + 1)
    .pluck<string[]>('purchase_id');
  return ids.length > most ? 'too-many' : ids;
};
