import { erasureEvents } from '#shared/kernel/erasure.ts';
import { erasuresTable, erasuresView, type ErasureRow } from '#shared/privacy/view.ts';
import type { View } from '../view.ts';

export const erasures: View<(typeof erasureEvents)['schemas'], ErasureRow> = {
  name: erasuresView,
  version: 1,
  table: erasuresTable,
  key: 'erasure_id',
  events: erasureEvents,
  columns: (table) => {
    table.uuid('erasure_id').primary();
    table.uuid('subject_id').notNullable();
    table.jsonb('what').notNullable();
    table.timestamp('erased_at').notNullable();
    table.bigint('position').notNullable().index();
  },
  keyOf: ({ data }) => data.receiptId,
  evolve: (_row, { data, position }) => ({
    erasure_id: data.receiptId,
    subject_id: data.subjectId,
    what: data.what,
    erased_at: new Date(data.at),
    position: String(position),
  }),
};
