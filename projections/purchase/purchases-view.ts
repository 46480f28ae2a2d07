import { cashbackLedgerEvents } from '#shared/cashback-month/events.ts';
import { purchaseFold } from '#shared/purchase/fold.ts';
import { purchasesTable, purchasesView, type PurchaseRow } from '#shared/purchase/view.ts';
import { together, type Named, type MessagesIn } from '#shared/kernel/message.ts';
import type { View } from '../view.ts';

const events = together(purchaseFold.events, cashbackLedgerEvents);
type PurchasesView = View<(typeof events)['schemas'], PurchaseRow>;

type LedgerEvent = MessagesIn<typeof cashbackLedgerEvents>;
type Grant = Named<LedgerEvent, 'CashbackGranted' | 'CashbackGrantContinued'>['data'];

/** What was granted is no event of the purchase's own: its revision stays as it is. */
const granted = (row: PurchaseRow | undefined, { month, percent, lines }: Grant) => {
  const line = lines.find(({ purchaseId }) => purchaseId === row?.purchase_id);
  return row && line
    ? {
        ...row,
        granted_month: month,
        granted_percent: percent,
        granted_amount_in_cents: String(line.amountInCents),
        granted_cashback_in_cents: String(line.cashbackInCents),
      }
    : row;
};

const evolve: PurchasesView['evolve'] = (row, event) => {
  switch (event.type) {
    case 'CashbackGranted':
    case 'CashbackGrantContinued':
      return granted(row, event.data);
    case 'CashbackAdjusted':
      return row;
    case 'PurchaseRegistered':
    case 'PurchaseChanged':
    case 'PurchaseWithdrawn':
    case 'PurchaseApproved':
    case 'PurchaseRejected':
      return purchaseFold.evolve(row, event);
  }
};

export const purchases: PurchasesView = {
  name: purchasesView,
  version: 1,
  table: purchasesTable,
  key: 'purchase_id',
  events,
  columns: (table) => {
    table.uuid('purchase_id').primary();
    table.text('code').notNullable();
    table.uuid('reseller_id').notNullable();
    table.bigint('amount_in_cents').notNullable();
    table.text('date').notNullable();
    table.text('month').notNullable();
    table.text('status').notNullable();
    table.boolean('withdrawn').notNullable();
    table.text('granted_month');
    table.text('granted_percent');
    table.bigint('granted_amount_in_cents');
    table.bigint('granted_cashback_in_cents');
    table.bigint('position').notNullable();
    table.integer('revision').notNullable();
    // Whatever a list is filtered by, a page of it is one short scan of one of these.
    table.index(['withdrawn', 'position']);
    table.index(['status', 'position']);
    table.index(['month', 'withdrawn', 'position']);
    table.index(['month', 'status', 'position']);
    table.index(['reseller_id', 'withdrawn', 'position']);
    table.index(['reseller_id', 'status', 'position']);
    table.index(['reseller_id', 'month', 'withdrawn', 'position']);
    table.index(['reseller_id', 'month', 'status', 'position']);
    table.index(['reseller_id', 'granted_month']);
  },
  keysOf: ({ type, data }) => {
    switch (type) {
      case 'CashbackGranted':
      case 'CashbackGrantContinued':
        return data.lines.map(({ purchaseId }) => purchaseId);
      case 'CashbackAdjusted':
        return [];
      case 'PurchaseRegistered':
      case 'PurchaseChanged':
      case 'PurchaseWithdrawn':
      case 'PurchaseApproved':
      case 'PurchaseRejected':
        return [data.purchaseId];
    }
  },
  evolve,
};
