import { findingEvents } from '#shared/conciliation/events.ts';
import { findingsTable, findingsView, type FindingRow } from '#shared/conciliation/view.ts';
import type { View } from '../view.ts';

type FindingsView = View<(typeof findingEvents)['schemas'], FindingRow>;

const evolve: FindingsView['evolve'] = (row, { type, data }) => {
  if (type === 'WriteOffApproved')
    return row && { ...row, status: 'RESOLVED', approved_by: data.by, at: new Date(data.at) };
  const isAsked = type === 'WriteOffRequested';
  return {
    finding_id: data.findingId,
    conciliation_id: data.conciliationId,
    item: data.item,
    status: isAsked ? 'AWAITING_APPROVAL' : 'RESOLVED',
    resolution: isAsked ? 'WRITTEN_OFF' : data.resolution,
    reason: data.reason,
    resolved_by: data.by,
    approved_by: null,
    at: new Date(data.at),
  };
};

export const findings: FindingsView = {
  name: findingsView,
  version: 2,
  table: findingsTable,
  key: 'finding_id',
  events: findingEvents,
  columns: (table) => {
    table.uuid('finding_id').primary();
    table.uuid('conciliation_id').notNullable().index();
    table.text('item').notNullable();
    table.text('status').notNullable();
    table.text('resolution').notNullable();
    table.text('reason').notNullable();
    table.uuid('resolved_by').notNullable();
    table.uuid('approved_by');
    table.timestamp('at').notNullable();
  },
  keyOf: ({ data }) => data.findingId,
  evolve,
};
