import type { Knex } from 'knex';
import { resellerMonthsTable, resellerMonthsView } from '#shared/cashback-month/view.ts';
import type { ResellerMonthRow } from '#shared/cashback-month/view.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import { LONGEST_WAIT_MS } from '#shared/platform/http/query.ts';
import { reachedIn } from '#shared/platform/reached.ts';
import type { OpenMonthsOf } from '#shared/reseller/ports.ts';

/**
 * The view of months, as an index into the log: it is asked only when it has got as far as the log
 * had when the question came up, and so says what the log says.
 */
export const openMonthsIn = (db: Knex, { waitMs = LONGEST_WAIT_MS } = {}): OpenMonthsOf => {
  const reached = reachedIn(db);
  return async (resellerId, upTo) => {
    if (!(await reached([resellerMonthsView], upTo, waitMs))) return undefined;
    return db<ResellerMonthRow>(resellerMonthsTable)
      .where({ reseller_id: resellerId, granted_at: null })
      .where((row) => void row.where('purchases', '>', 0).orWhere('adjustments_in_cents', '<>', 0))
      .orderBy('month')
      .pluck<Month[]>('month');
  };
};
