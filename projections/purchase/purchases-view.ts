import { cashbackLedgerEvents } from '#shared/cashback-month/events.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import { purchasesTable, purchasesView, type PurchaseRow } from '#shared/purchase/view.ts';
import { monthOf, type Day } from '#shared/kernel/calendar.ts';
import { together, type Named, type MessagesIn } from '#shared/kernel/message.ts';
import type { View } from '../view.ts';

const events = together(purchaseEvents, cashbackLedgerEvents);
type PurchasesView = View<(typeof events)['schemas'], PurchaseRow>;

type LedgerEvent = MessagesIn<typeof cashbackLedgerEvents>;
type Grant = Named<LedgerEvent, 'CashbackGranted' | 'CashbackGrantContinued'>['data'];

const contentOf = (content: { readonly amountInCents: number; readonly date: Day }) => ({
  amount_in_cents: String(content.amountInCents),
  date: content.date,
  month: monthOf(content.date),
});

const statusOf = (status: PurchaseRow['status']) => ({
  status,
  withdrawn: status === 'WITHDRAWN',
});

const NOT_GRANTED = {
  granted_month: null,
  granted_percent: null,
  granted_amount_in_cents: null,
  granted_cashback_in_cents: null,
};

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

const evolve: PurchasesView['evolve'] = (row, { type, data, position, revision: at }) => {
  const revision = Number(at);
  const changed = (changes: Partial<PurchaseRow>) => row && { ...row, ...changes, revision };

  switch (type) {
    case 'PurchaseRegistered':
      return {
        ...{ purchase_id: data.purchaseId, code: data.code, reseller_id: data.resellerId },
        ...{ ...contentOf(data), ...statusOf('IN_VALIDATION'), ...NOT_GRANTED },
        ...{ position: String(position), revision },
      };
    case 'PurchaseChanged':
      return changed(contentOf(data.after));
    case 'PurchaseWithdrawn':
      return changed(statusOf('WITHDRAWN'));
    case 'PurchaseApproved':
      return changed(statusOf('APPROVED'));
    case 'PurchaseRejected':
      return changed(statusOf('REJECTED'));
    case 'CashbackGranted':
    case 'CashbackGrantContinued':
      return granted(row, data);
    case 'CashbackAdjusted':
      return row;
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
