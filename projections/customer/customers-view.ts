import { customerEvents } from '#shared/customer/events.ts';
import { customersTable, customersView, type CustomerRow } from '#shared/customer/view.ts';
import type { View } from '../view.ts';

type CustomersView = View<(typeof customerEvents)['schemas'], CustomerRow>;

const evolve: CustomersView['evolve'] = (row, { type, data, revision: at, position }) => {
  const revision = Number(at);
  switch (type) {
    case 'CustomerRegistered':
      return {
        customer_id: data.customerId,
        subject_id: data.subjectId,
        name: data.name,
        email: data.email,
        email_hash: data.emailHash,
        position: String(position),
        revision,
      };
    case 'CustomerRenamed':
      return row && { ...row, name: data.name, revision };
    case 'CustomerEmailChanged':
      return row && { ...row, email: data.email, email_hash: data.emailHash, revision };
    case 'CustomerRemoved':
      return undefined;
  }
};

export const customers: CustomersView = {
  name: customersView,
  version: 1,
  table: customersTable,
  key: 'customer_id',
  events: customerEvents,
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
  evolve,
};
