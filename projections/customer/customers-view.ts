import { customerFold } from '#shared/customer/fold.ts';
import { customersTable, customersView, type CustomerRow } from '#shared/customer/view.ts';
import type { View } from '../view.ts';

type CustomersView = View<(typeof customerFold.events)['schemas'], CustomerRow>;

export const customers: CustomersView = {
  name: customersView,
  version: 1,
  table: customersTable,
  key: 'customer_id',
  events: customerFold.events,
  columns: (table) => {
    table.uuid('customer_id').primary();
    table.uuid('subject_id').notNullable();
    table.text('name');
    table.text('email');
    table.text('email_hash').notNullable().index();
    table.bigint('position').notNullable().index();
    table.integer('revision').notNullable();
  },
  keyOf: ({ data }) => data.customerId,
  evolve: customerFold.evolve,
};
