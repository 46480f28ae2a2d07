import {
  resellerMonthAfter,
  resellerMonthEvents,
  resellerMonthsOf,
} from '#shared/cashback-month/fold.ts';
import {
  resellerMonthsTable,
  resellerMonthsView,
  type ResellerMonthRow,
} from '#shared/cashback-month/view.ts';
import type { View } from '../view.ts';

type ResellerMonthsView = View<(typeof resellerMonthEvents)['schemas'], ResellerMonthRow>;

export const resellerMonths: ResellerMonthsView = {
  name: resellerMonthsView,
  // Raise it, too, when rules are added for a month in which there are purchases already.
  version: 1,
  table: resellerMonthsTable,
  key: 'reseller_month',
  events: resellerMonthEvents,
  columns: (table) => {
    table.text('reseller_month').primary();
    table.uuid('reseller_id').notNullable();
    table.text('month').notNullable();
    table.integer('purchases').notNullable();
    table.bigint('purchased_in_cents').notNullable();
    table.jsonb('cashback_by_percent').notNullable();
    table.text('percent').notNullable();
    table.text('rule_set').notNullable();
    table.bigint('cashback_in_cents').notNullable();
    table.bigint('adjustments_in_cents').notNullable();
    table.timestamp('granted_at');
    table.index(['reseller_id', 'month']);
    table.index(['month', 'reseller_id']);
  },
  keysOf: resellerMonthsOf,
  evolve: resellerMonthAfter,
};
