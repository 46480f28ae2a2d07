import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { StationId } from '#shared/ids.ts';
import type { EventStore, Revision } from '#shared/kernel/event-store.ts';
import { unlessMoved } from '#shared/kernel/handle-command.ts';
import type { Clock } from '#shared/kernel/message.ts';
import { oneOf, reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import {
  stationEvents,
  stationPresenceEvents,
  type StationPresenceEvent,
} from '#shared/station/events.ts';

/** What is retained on a presence topic; also what a last will says. */
export const presenceOf = (status: 'online' | 'offline'): string => JSON.stringify({ status });

const readPresence = reader(Type.Object({ status: oneOf(['online', 'offline']) }));

export const statusIn = (payload: Buffer): 'online' | 'offline' | undefined => {
  try {
    return readPresence(JSON.parse(payload.toString('utf8'))).status;
  } catch {
    // An empty one takes the retained message away; anything else says nothing about presence.
    return undefined;
  }
};

const REMEMBERED_STATIONS = 10_000;

type Known = { readonly type: StationPresenceEvent['type'] | undefined; readonly at: Revision };

/**
 * Puts changes on record only: a retained message comes again with every subscription. What this
 * process has seen last of a station is remembered; the append finds out when that is outdated.
 */
export const noticingPresence = (eventStore: EventStore, clock: Clock) => {
  const known = new LRUCache<StationId, Known>({ max: REMEMBERED_STATIONS });

  const load = async (stationId: StationId): Promise<Known | undefined> => {
    // Whatever somebody publishes under some name must not make a stream for it.
    const station = await eventStore.read(`station-${stationId}`, stationEvents);
    if (station.revision === 'no-stream') return undefined;
    const stream = `stationPresence-${stationId}`;
    const { events, revision } = await eventStore.read(stream, stationPresenceEvents);
    return { type: events.at(-1)?.type, at: revision };
  };

  const notice = async (stationId: StationId, status: 'online' | 'offline'): Promise<void> => {
    const last = known.get(stationId) ?? (await load(stationId));
    if (!last) return;
    known.set(stationId, last);
    const type = status === 'online' ? 'EquipmentCameOnline' : 'EquipmentWentOffline';
    if (last.type === type || (!last.type && status === 'offline')) return;

    const [at, id] = [clock(), randomUUID()];
    const meta = {
      ...{ commandId: id, causationId: id, correlationId: id, fingerprint: '', at },
      actor: { id: stationId, role: 'equipment' },
    };
    const event = { type, data: { stationId, at } } as const;
    const options = { expected: last.at, meta };
    const stream = `stationPresence-${stationId}`;
    const done = await eventStore.append(stream, stationPresenceEvents, [event], options);
    known.set(stationId, { type, at: done.revision });
  };

  return {
    /** To be called when messages may have been missed, which others have heard. */
    forget: () => {
      known.clear();
    },
    notice: async (stationId: StationId, payload: Buffer): Promise<void> => {
      const status = statusIn(payload);
      if (status === undefined) return;
      await unlessMoved(async () => {
        try {
          await notice(stationId, status);
        } catch (error) {
          known.delete(stationId);
          throw error;
        }
      });
    },
  };
};
export type Presence = ReturnType<typeof noticingPresence>;
