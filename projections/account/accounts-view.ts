import { accountEvents } from '#shared/account/events.ts';
import { accountsTable, accountsView, type AccountRow } from '#shared/account/view.ts';
import type { View } from '../view.ts';

type AccountsView = View<(typeof accountEvents)['schemas'], AccountRow>;

const evolve: AccountsView['evolve'] = (row, { type, data, revision: at, position }) => {
  const revision = Number(at);
  switch (type) {
    case 'AccountOpened':
      return {
        account_id: data.accountId,
        subject_id: data.subjectId,
        username: data.username,
        role: data.role,
        company_id: data.companyId ?? null,
        disabled: false,
        opened_at: new Date(data.at),
        position: String(position),
        revision,
      };
    case 'PasswordChanged':
      return row && { ...row, revision };
    case 'AccountDisabled':
      return row && { ...row, disabled: true, revision };
    case 'AccountEnabled':
      return row && { ...row, disabled: false, revision };
  }
};

export const accounts: AccountsView = {
  name: accountsView,
  version: 1,
  table: accountsTable,
  key: 'account_id',
  events: accountEvents,
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
  evolve,
};
