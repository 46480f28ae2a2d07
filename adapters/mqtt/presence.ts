import { randomUUID } from 'node:crypto';
import type { StationId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { unlessMoved } from '#shared/kernel/handle-command.ts';
import type { Clock } from '#shared/kernel/message.ts';
import { oneOf, reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { stationEvents, stationPresenceEvents } from '#shared/station/events.ts';

/** What is retained on a presence topic; also what a last will says. */
export const presenceOf = (status: 'online' | 'offline'): string => JSON.stringify({ status });

const readPresence = reader(Type.Object({ status: oneOf(['online', 'offline']) }));

const statusIn = (payload: Buffer): 'online' | 'offline' | undefined => {
  try {
    return readPresence(JSON.parse(payload.toString('utf8'))).status;
  } catch {
    // An empty one takes the retained message away; anything else says nothing about presence.
    return undefined;
  }
};

/** Puts changes on record only: a retained message comes again with every subscription. */
export const noticingPresence =
  (eventStore: EventStore, clock: Clock) =>
  (stationId: StationId, payload: Buffer): Promise<void> =>
    unlessMoved(async () => {
      const status = statusIn(payload);
      if (status === undefined) return;
      const stream = `stationPresence-${stationId}`;
      const { events, revision: expected } = await eventStore.read(stream, stationPresenceEvents);
      const type = status === 'online' ? 'EquipmentCameOnline' : 'EquipmentWentOffline';
      const last = events.at(-1);
      if (last?.type === type || (!last && status === 'offline')) return;
      const station = await eventStore.read(`station-${stationId}`, stationEvents);
      // Whatever somebody publishes under some name must not make a stream for it.
      if (station.revision === 'no-stream') return;

      const [at, id] = [clock(), randomUUID()];
      const meta = {
        ...{ commandId: id, causationId: id, correlationId: id, fingerprint: '', at },
        actor: { id: stationId, role: 'equipment' },
      };
      const event = { type, data: { stationId, at } } as const;
      await eventStore.append(stream, stationPresenceEvents, [event], { expected, meta });
    });
