import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { Protocol, StationCommand } from './commands.ts';
import type { StationEvent } from './events.ts';

type Details = {
  readonly description: string;
  readonly batteryAvailable: boolean;
  readonly protocol: Protocol;
};

export type Station =
  | { readonly status: 'none' }
  | ({ readonly status: 'kept' } & Details)
  | { readonly status: 'removed' };

export type StationRefusal =
  | 'station-not-found'
  | 'station-already-registered'
  /** Said by whoever knows what is pending there, when it is to be removed. */
  | 'station-busy';

type Outcome = Decision<StationEvent, StationRefusal>;

/** What is so already is no news. */
const change = (
  { data }: Named<StationCommand, 'ChangeStation'>,
  station: Details,
): Decision<StationEvent, never> => {
  const { stationId, at, description, batteryAvailable, protocol } = data;
  const about = { stationId, at };
  const changes: StationEvent[] = [];
  if (description !== undefined && description !== station.description)
    changes.push({ type: 'StationDescribed', data: { ...about, description } });
  if (batteryAvailable !== undefined && batteryAvailable !== station.batteryAvailable)
    changes.push({ type: 'BatteryAvailabilitySet', data: { ...about, batteryAvailable } });
  if (protocol !== undefined && protocol !== station.protocol)
    changes.push({ type: 'StationProtocolChosen', data: { ...about, protocol } });
  return accept(...changes);
};

const decide = (command: StationCommand, station: Station): Outcome => {
  switch (command.type) {
    case 'RegisterStation':
      return station.status === 'none'
        ? accept({ type: 'StationRegistered', data: command.data })
        : refuse('station-already-registered');
    case 'ChangeStation':
      return station.status === 'kept' ? change(command, station) : refuse('station-not-found');
    case 'RemoveStation':
      return station.status === 'kept'
        ? accept({ type: 'StationRemoved', data: command.data })
        : refuse('station-not-found');
  }
};

const evolve = (station: Station, { type, data }: StationEvent): Station => {
  if (type === 'StationRegistered') {
    const { description, batteryAvailable, protocol } = data;
    return { status: 'kept', description, batteryAvailable, protocol };
  }
  if (station.status !== 'kept') return station;
  switch (type) {
    case 'StationDescribed':
      return { ...station, description: data.description };
    case 'BatteryAvailabilitySet':
      return { ...station, batteryAvailable: data.batteryAvailable };
    case 'StationProtocolChosen':
      return { ...station, protocol: data.protocol };
    case 'StationRemoved':
      return { status: 'removed' };
  }
};

/** A place where batteries are swapped. Operators keep it; equipment changes nothing about it. */
export const station: Decider<Station, StationCommand, StationEvent, StationRefusal> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};
