import type { Knex } from 'knex';
import type { MonthIndex } from '#shared/cashback-month/ports.ts';
import {
  resellerMonthsTable,
  resellerMonthsView,
  type ResellerMonthRow,
} from '#shared/cashback-month/view.ts';
import { purchasesTable, purchasesView, type PurchaseRow } from '#shared/purchase/view.ts';
import type { PurchaseId, ResellerId } from '#shared/ids.ts';
import { positionsOf } from '#shared/platform/checkpoint.ts';

const VIEWS = [resellerMonthsView, purchasesView];

/** The views, as an index into the log: what they say of amounts is not asked for. */
export const monthIndexIn = (db: Knex): MonthIndex => ({
  hasReached: async (position) => {
    const positions = await positionsOf(db, VIEWS);
    return VIEWS.every((view) => (positions.get(view) ?? -1n) >= position);
  },
  resellersIn: async (month, after, limit) => {
    const rows = db<ResellerMonthRow>(resellerMonthsTable).where({ month });
    if (after !== undefined) void rows.where('reseller_id', '>', after);
    return rows.orderBy('reseller_id').limit(limit).pluck<ResellerId[]>('reseller_id');
  },
  purchasesIn: async (month, resellerId, after, limit) => {
    const rows = db<PurchaseRow>(purchasesTable).where({ month, reseller_id: resellerId });
    if (after !== undefined) void rows.where('purchase_id', '>', after);
    return rows.orderBy('purchase_id').limit(limit).pluck<PurchaseId[]>('purchase_id');
  },
});
