import { together } from '#shared/kernel/message.ts';
import { stationEvents, stationPresenceEvents } from '#shared/station/events.ts';
import { stationsTable, stationsView, type StationRow } from '#shared/station/view.ts';
import type { View } from '../view.ts';

const events = together(stationEvents, stationPresenceEvents);
type StationsView = View<(typeof events)['schemas'], StationRow>;

const evolve: StationsView['evolve'] = (row, { type, data, revision: at, position }) => {
  const revision = Number(at);
  const changed = (change: Partial<StationRow>) => row && { ...row, ...change, revision };
  // What its equipment does has a stream of its own, and is none of the station's revisions.
  const seen = (online: boolean) => row && { ...row, online, online_since: new Date(data.at) };

  switch (type) {
    case 'StationRegistered':
      return {
        station_id: data.stationId,
        description: data.description,
        battery_available: data.batteryAvailable,
        protocol: data.protocol,
        online: null,
        online_since: null,
        position: String(position),
        revision,
      };
    case 'StationDescribed':
      return changed({ description: data.description });
    case 'BatteryAvailabilitySet':
      return changed({ battery_available: data.batteryAvailable });
    case 'StationProtocolChosen':
      return changed({ protocol: data.protocol });
    case 'StationRemoved':
      return undefined;
    case 'EquipmentCameOnline':
      return seen(true);
    case 'EquipmentWentOffline':
      return seen(false);
  }
};

export const stations: StationsView = {
  name: stationsView,
  version: 1,
  table: stationsTable,
  key: 'station_id',
  events,
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
  evolve,
};
