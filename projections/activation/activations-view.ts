import { activationEvents } from '#shared/activation/events.ts';
import { activationsTable, activationsView, type ActivationRow } from '#shared/activation/view.ts';
import type { View } from '../view.ts';

type ActivationsView = View<(typeof activationEvents)['schemas'], ActivationRow>;

const evolve: ActivationsView['evolve'] = (row, { type, data, revision: at, position }) => {
  const revision = Number(at);
  const decided = (status: ActivationRow['status'], by: string, reason: string | null = null) =>
    row && { ...row, status, reason, decided_at: new Date(data.at), decided_by: by, revision };

  switch (type) {
    case 'ActivationSubmitted':
      return {
        activation_id: data.activationId,
        status: 'PENDING',
        company_id: data.companyId,
        requested_by_user: data.requestedBy.userId,
        requested_by_company: data.requestedBy.companyId ?? null,
        customer_mid: data.customerMid,
        subject_id: data.subjectId,
        customer_email: data.customerEmail,
        product: data.product,
        reason: null,
        submitted_at: new Date(data.at),
        decided_at: null,
        decided_by: null,
        position: String(position),
        revision,
      };
    case 'ActivationApproved':
      return decided('APPROVED', data.by);
    case 'ActivationRejected':
      return decided('REJECTED', data.by, data.reason);
    case 'ActivationCancelled':
      return decided('CANCELLED', data.by, data.reason);
  }
};

export const activations: ActivationsView = {
  name: activationsView,
  version: 1,
  table: activationsTable,
  key: 'activation_id',
  events: activationEvents,
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
  evolve,
};
