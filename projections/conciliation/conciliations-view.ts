import { conciliationEvents, type ConciliationEvent } from '#shared/conciliation/events.ts';
import {
  conciliationsTable,
  conciliationsView,
  type ConciliationRow,
  type ConciliationTotals,
  type Settlement,
} from '#shared/conciliation/view.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { View } from '../view.ts';

type ConciliationsView = View<(typeof conciliationEvents)['schemas'], ConciliationRow>;

type Completed = Named<ConciliationEvent, 'ConciliationCompleted'>['data'];
type Settled = Named<ConciliationEvent, 'ConciliationSettled'>['data'];

const totalsOf = (data: Completed): ConciliationTotals => {
  const { ruleSets, categories, ours, theirs, oldestOpen, changes } = data;
  const sums = { ruleSets, categories, ours, theirs, oldestOpen };
  return { ...sums, ...(changes && { changes }) };
};

const settledAs = ({ settled, left }: Settled): Settlement => ({
  ...{ status: 'SETTLED', items: settled + left, settled, left },
});

const next: ConciliationsView['evolve'] = (row, event) => {
  const { type, data } = event;
  switch (type) {
    case 'ConciliationStarted':
      return {
        conciliation_id: data.conciliationId,
        status: 'RUNNING',
        source: data.source,
        statement_id: data.statementId,
        from_day: data.from,
        to_day: data.to,
        ...{ sha256: data.sha256, rows: data.rows, unreadable: data.unreadable },
        prepared_by: data.by,
        started_at: new Date(data.at),
        finished_at: null,
        position: String(event.position),
        ...{ totals: null, failure: null, settlement: null, revision: 0 },
      };
    case 'ConciliationCompleted': {
      const totals = totalsOf(data);
      const finished_at = new Date(data.at);
      return row && { ...row, status: 'COMPLETED', finished_at, totals, failure: null };
    }
    case 'ConciliationFailed':
      return (
        row && { ...row, status: 'FAILED', finished_at: new Date(data.at), failure: data.error }
      );
    case 'ConciliationSettlementRequested':
      return row && { ...row, settlement: { status: 'SETTLING', items: data.items } };
    case 'ConciliationSettled':
      return row && { ...row, settlement: settledAs(data) };
  }
};

export const conciliations: ConciliationsView = {
  name: conciliationsView,
  version: 3,
  table: conciliationsTable,
  key: 'conciliation_id',
  events: conciliationEvents,
  columns: (table) => {
    table.uuid('conciliation_id').primary();
    table.text('status').notNullable();
    table.text('source').notNullable();
    table.uuid('statement_id').notNullable();
    table.text('from_day').notNullable();
    table.text('to_day').notNullable();
    table.text('sha256').notNullable();
    table.integer('rows').notNullable();
    table.integer('unreadable').notNullable();
    table.uuid('prepared_by').notNullable();
    table.timestamp('started_at').notNullable();
    table.timestamp('finished_at');
    table.bigint('position').notNullable().index();
    table.json('totals');
    table.text('failure');
    table.json('settlement');
    table.integer('revision').notNullable();
  },
  keyOf: ({ data }) => data.conciliationId,
  evolve: (row, event, key) => {
    const changed = next(row, event, key);
    return changed && { ...changed, revision: Number(event.revision) };
  },
};
