import { StationId } from '#shared/ids.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

const about = { stationId: StationId, at: Instant };
const Protocol = oneOf(['text', 'json']);

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
export const stationEvents = contract('station', {
  StationRegistered: Type.Object({
    ...about,
    description: Type.String(),
    batteryAvailable: Type.Boolean(),
    protocol: Protocol,
  }),
  StationDescribed: Type.Object({ ...about, description: Type.String() }),
  BatteryAvailabilitySet: Type.Object({ ...about, batteryAvailable: Type.Boolean() }),
  StationProtocolChosen: Type.Object({ ...about, protocol: Protocol }),
  StationRemoved: Type.Object(about),
});
export type StationEvent = MessagesIn<typeof stationEvents>;

/** Whether its equipment is connected. A stream apart: what it does must not make an ETag outdated. */
export const stationPresenceEvents = contract('stationPresence', {
  EquipmentCameOnline: Type.Object(about),
  EquipmentWentOffline: Type.Object(about),
});
export type StationPresenceEvent = MessagesIn<typeof stationPresenceEvents>;
