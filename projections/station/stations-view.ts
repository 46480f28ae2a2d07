import { stationFold } from '#shared/station/fold.ts';
import { stationsTable, stationsView, type StationRow } from '#shared/station/view.ts';
import type { View } from '../view.ts';

type StationsView = View<(typeof stationFold.events)['schemas'], StationRow>;

export const stations: StationsView = {
  name: stationsView,
  version: 1,
  table: stationsTable,
  key: 'station_id',
  events: stationFold.events,
  columns: (table) => {
    table.uuid('station_id').primary();
    table.text('description').notNullable();
    table.boolean('battery_available').notNullable();
    table.text('protocol').notNullable();
    table.boolean('online');
    table.timestamp('online_since');
    table.bigint('position').notNullable();
    table.integer('revision').notNullable();
    table.index(['position']);
  },
  keyOf: ({ data }) => data.stationId,
  evolve: stationFold.evolve,
};
