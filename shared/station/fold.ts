import type { Fold } from '#shared/kernel/fold.ts';
import { together } from '#shared/kernel/message.ts';
import { stationEvents, stationPresenceEvents } from './events.ts';
import type { StationRow } from './view.ts';

const events = together(stationEvents, stationPresenceEvents);
type StationFold = Fold<(typeof events)['schemas'], StationRow>;

const evolve: StationFold['evolve'] = (row, { type, data, revision: at, position }) => {
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

export const stationFold: StationFold = {
  streamsOf: (id) => [`station-${id}`, `stationPresence-${id}`],
  events,
  evolve,
};
