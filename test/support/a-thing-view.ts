import { thingEvents } from '#shared/testing/a-thing.ts';
import type { View } from '../../projections/view.ts';

export type ThingRow = {
  readonly thing_id: string;
  readonly size: number;
  readonly status: 'WHOLE' | 'BROKEN';
  /** How many events came to this row: each once, whatever happens. */
  readonly folded: number;
  readonly position: string;
  readonly made_at: Date;
  readonly remarks: readonly string[];
};

type ThingView = View<(typeof thingEvents)['schemas'], ThingRow>;

export const thingView: ThingView = {
  name: 'things',
  version: 1,
  table: 'thing_view',
  key: 'thing_id',
  events: thingEvents,
  columns: (table) => {
    table.text('thing_id').primary();
    table.integer('size').notNullable().index();
    table.text('status').notNullable();
    table.integer('folded').notNullable();
    table.bigint('position').notNullable();
    table.timestamp('made_at').notNullable();
    table.jsonb('remarks').notNullable();
    table.index(['status', 'position']);
  },
  keyOf: ({ data }) => data.thingId,
  evolve: (row, { type, data, meta, position }) => {
    switch (type) {
      case 'ThingMade':
        return {
          thing_id: data.thingId,
          size: data.size,
          status: 'WHOLE',
          folded: (row?.folded ?? 0) + 1,
          position: String(position),
          made_at: new Date(meta.at),
          remarks: [],
        };
      case 'ThingGiven':
        return (
          row && { ...row, folded: row.folded + 1, remarks: [...row.remarks, data.name ?? ''] }
        );
      case 'ThingBroken':
        return row && { ...row, folded: row.folded + 1, status: 'BROKEN' };
    }
  },
};
