import { accountFold } from '#shared/account/fold.ts';
import { accountsTable, accountsView, type AccountRow } from '#shared/account/view.ts';
import type { View } from '../view.ts';

type AccountsView = View<(typeof accountFold.events)['schemas'], AccountRow>;

export const accounts: AccountsView = {
  name: accountsView,
  version: 1,
  table: accountsTable,
  key: 'account_id',
  events: accountFold.events,
  columns: (table) => {
    table.uuid('account_id').primary();
    table.uuid('subject_id').notNullable();
    table.text('username');
    table.text('role').notNullable();
    table.text('company_id');
    table.boolean('disabled').notNullable();
    table.timestamp('opened_at').notNullable();
    table.bigint('position').notNullable().index();
    table.integer('revision').notNullable();
    table.index(['role', 'position']);
    table.index(['company_id', 'position']);
  },
  keyOf: ({ data }) => data.accountId,
  evolve: accountFold.evolve,
};
