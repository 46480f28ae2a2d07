import type { StationId } from '#shared/ids.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { Change, StationCommand } from './commands.ts';
import type { StationEvent, StationPresenceEvent } from './events.ts';

export const noon = '2026-01-15T12:00:00.000Z' as Instant;
export const aStation = '5d0b2a52-3c5e-5a0e-9d0a-000000000501' as StationId;
export const anotherStation = '5d0b2a52-3c5e-5a0e-9d0a-000000000502' as StationId;

const about = { stationId: aStation, at: noon };
const registration = {
  ...about,
  description: 'Posto Paulista',
  batteryAvailable: true,
  protocol: 'text' as 'text' | 'json',
};

/** One valid example of each message; name only what the spec is about. */
export const registered = (data: Partial<typeof registration> = {}): StationEvent => ({
  type: 'StationRegistered',
  data: { ...registration, ...data },
});
export const described = (description = 'Posto Augusta'): StationEvent => ({
  type: 'StationDescribed',
  data: { ...about, description },
});
export const batterySet = (batteryAvailable = false): StationEvent => ({
  type: 'BatteryAvailabilitySet',
  data: { ...about, batteryAvailable },
});
export const protocolChosen = (protocol: 'text' | 'json' = 'json'): StationEvent => ({
  type: 'StationProtocolChosen',
  data: { ...about, protocol },
});
export const removed = (): StationEvent => ({ type: 'StationRemoved', data: about });

export const cameOnline = (): StationPresenceEvent => ({
  type: 'EquipmentCameOnline',
  data: about,
});
export const wentOffline = (): StationPresenceEvent => ({
  type: 'EquipmentWentOffline',
  data: about,
});

export const register = (data: Partial<typeof registration> = {}): StationCommand => ({
  type: 'RegisterStation',
  data: { ...registration, ...data },
});
export const change = (data: Change = {}): StationCommand => ({
  type: 'ChangeStation',
  data: { ...about, ...data },
});
export const remove = (): StationCommand => ({ type: 'RemoveStation', data: about });
