import { conciliationPeriodEvents } from '#shared/conciliation/events.ts';
import {
  conciliationPeriodsTable,
  conciliationPeriodsView,
  type ConciliationPeriodRow,
} from '#shared/conciliation/view.ts';
import type { View } from '../view.ts';

type PeriodsView = View<(typeof conciliationPeriodEvents)['schemas'], ConciliationPeriodRow>;

const evolve: PeriodsView['evolve'] = (row, { type, data, revision }) => {
  switch (type) {
    case 'ConciliationPeriodClosed':
      return {
        ...{ reopened_at: null, reopened_by: null, reason: null, ...row },
        ...{ month: data.month, status: 'CLOSED', conciliations: data.conciliations },
        ...{ closed_at: new Date(data.at), closed_by: data.by, revision: Number(revision) },
      };
    case 'ConciliationPeriodReopened':
      return (
        row && {
          ...{ ...row, status: 'OPEN', revision: Number(revision) },
          ...{ reopened_at: new Date(data.at), reopened_by: data.by, reason: data.reason },
        }
      );
  }
};

export const conciliationPeriods: PeriodsView = {
  name: conciliationPeriodsView,
  version: 1,
  table: conciliationPeriodsTable,
  key: 'month',
  events: conciliationPeriodEvents,
  columns: (table) => {
    table.text('month').primary();
    table.text('status').notNullable();
    table.json('conciliations').notNullable();
    table.timestamp('closed_at').notNullable();
    table.uuid('closed_by').notNullable();
    table.timestamp('reopened_at');
    table.uuid('reopened_by');
    table.text('reason');
    table.integer('revision').notNullable();
  },
  keyOf: ({ data }) => data.month,
  evolve,
};
