import type { Knex } from 'knex';
import {
  cashbackAdjustmentsTable,
  resellerMonthsTable,
  type CashbackAdjustmentRow,
  type ResellerMonthRow,
} from '#shared/cashback-month/view.ts';
import { purchasesTable, type PurchaseRow } from '#shared/purchase/view.ts';

/** Ten years; of each, what explains it is shown as far as it goes into an answer. */
export const MOST_MONTHS = 120;
export const MOST_LINES = 2_000;

/** Months in which there is anything to show, the newest first. */
export const monthsOf = (db: Knex, resellerId: string): Promise<ResellerMonthRow[]> =>
  db<ResellerMonthRow>(resellerMonthsTable)
    .where({ reseller_id: resellerId })
    .where((row) => {
      void row.where('purchases', '>', 0).orWhere('adjustments_in_cents', '<>', 0);
      void row.orWhereNotNull('granted_at');
    })
    .orderBy('month', 'desc')
    .limit(MOST_MONTHS)
    .select('*');

/**
 * What the months are made of, the newest first: of those that were granted what was granted, of
 * the others what counts today.
 */
export const linesOf = (
  db: Knex,
  resellerId: string,
  { granted, open }: { readonly granted: readonly string[]; readonly open: readonly string[] },
): Promise<PurchaseRow[]> => {
  const own = () => db<PurchaseRow>(purchasesTable).where({ reseller_id: resellerId }).select('*');
  const counting = own()
    .whereIn('month', open)
    .whereIn('status', ['IN_VALIDATION', 'APPROVED'])
    .orderBy('position', 'desc')
    .limit(MOST_LINES);
  const counted = own()
    .whereIn('granted_month', granted)
    .orderBy('position', 'desc')
    .limit(MOST_LINES);
  return db
    .from(counting.union([counted], true).as('line'))
    .orderBy('position', 'desc')
    .limit(MOST_LINES)
    .select<PurchaseRow[]>('*');
};

/** An adjustment, and the code of the purchase that it is about. */
export type AdjustmentShown = CashbackAdjustmentRow & { readonly code: string | null };

/** The newest first. */
export const adjustmentsOf = (db: Knex, resellerId: string): Promise<AdjustmentShown[]> =>
  db(`${cashbackAdjustmentsTable} as adjustment`)
    .leftJoin(`${purchasesTable} as purchase`, 'purchase.purchase_id', 'adjustment.purchase_id')
    .where('adjustment.reseller_id', resellerId)
    .orderBy('adjustment.position', 'desc')
    .limit(MOST_LINES)
    .select<AdjustmentShown[]>('adjustment.*', 'purchase.code');
