import { transactionFold } from '#shared/swap/fold.ts';
import { transactionsTable, transactionsView, type TransactionRow } from '#shared/swap/view.ts';
import type { View } from '../view.ts';

type TransactionsView = View<(typeof transactionFold.events)['schemas'], TransactionRow>;

export const transactions: TransactionsView = {
  name: transactionsView,
  version: 1,
  table: transactionsTable,
  key: 'swap_id',
  events: transactionFold.events,
  columns: (table) => {
    table.uuid('swap_id').primary();
    table.bigint('number').notNullable();
    table.uuid('station_id').notNullable();
    table.text('status').notNullable();
    table.timestamp('started_at').notNullable();
    table.timestamp('decided_at');
    // Not jsonb: what equipment sent is shown as it came, key order and all.
    table.json('replies').notNullable();
    table.bigint('position').notNullable();
    table.integer('revision').notNullable();
    table.index(['position']);
    table.index(['station_id', 'position']);
    table.index(['status', 'position']);
  },
  keyOf: ({ data }) => data.swapId,
  evolve: transactionFold.evolve,
};
