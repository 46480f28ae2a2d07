import { cashbackLedgerEvents } from '#shared/cashback-month/events.ts';
import {
  cashbackAdjustmentsTable,
  cashbackAdjustmentsView,
  type CashbackAdjustmentRow,
} from '#shared/cashback-month/view.ts';
import type { View } from '../view.ts';

type AdjustmentsView = View<(typeof cashbackLedgerEvents)['schemas'], CashbackAdjustmentRow>;

const evolve: AdjustmentsView['evolve'] = (row, { type, data, id, position }) => {
  switch (type) {
    case 'CashbackAdjusted':
      return {
        adjustment_id: id,
        reseller_id: data.resellerId,
        month: data.month,
        about_month: data.about,
        purchase_id: data.purchaseId,
        adjustment_in_cents: String(data.adjustmentInCents),
        adjusted_at: new Date(data.at),
        position: String(position),
      };
    case 'CashbackGranted':
    case 'CashbackGrantContinued':
      return row;
  }
};

export const cashbackAdjustments: AdjustmentsView = {
  name: cashbackAdjustmentsView,
  version: 1,
  table: cashbackAdjustmentsTable,
  key: 'adjustment_id',
  events: cashbackLedgerEvents,
  columns: (table) => {
    table.uuid('adjustment_id').primary();
    table.uuid('reseller_id').notNullable();
    table.text('month').notNullable();
    table.text('about_month').notNullable();
    table.uuid('purchase_id').notNullable();
    table.bigint('adjustment_in_cents').notNullable();
    table.timestamp('adjusted_at').notNullable();
    table.bigint('position').notNullable();
    table.index(['reseller_id', 'position']);
  },
  keyOf: ({ type, id }) => (type === 'CashbackAdjusted' ? id : undefined),
  evolve,
};
