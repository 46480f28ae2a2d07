import { activationFold } from '#shared/activation/fold.ts';
import { activationsTable, activationsView, type ActivationRow } from '#shared/activation/view.ts';
import type { View } from '../view.ts';

type ActivationsView = View<(typeof activationFold.events)['schemas'], ActivationRow>;

export const activations: ActivationsView = {
  name: activationsView,
  version: 1,
  table: activationsTable,
  key: 'activation_id',
  events: activationFold.events,
  columns: (table) => {
    table.uuid('activation_id').primary();
    table.text('status').notNullable();
    table.text('company_id').notNullable();
    table.uuid('requested_by_user').notNullable();
    table.text('requested_by_company');
    table.text('customer_mid').notNullable();
    table.uuid('subject_id').notNullable();
    table.text('customer_email');
    table.text('product').notNullable();
    table.text('reason');
    table.timestamp('submitted_at').notNullable();
    table.timestamp('decided_at');
    table.uuid('decided_by');
    table.bigint('position').notNullable();
    table.integer('revision').notNullable();
    table.index(['position']);
    table.index(['company_id', 'position']);
    table.index(['requested_by_company', 'position']);
    table.index(['customer_mid', 'position']);
    table.index(['status', 'position']);
  },
  keyOf: ({ data }) => data.activationId,
  evolve: activationFold.evolve,
};
