import type { StationId } from '#shared/ids.ts';
import { StreamMoved, type EventStore } from '#shared/kernel/event-store.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { stationEvents } from '#shared/station/events.ts';

/** Some of both kinds, and one that has no battery to give. */
export const demoStations = [
  ...['Paulista', 'Pinheiros', 'Mooca'].map((place) => ({ place, protocol: 'text' as const })),
  ...['Copacabana', 'Savassi'].map((place) => ({ place, protocol: 'json' as const })),
  { place: 'Boa Viagem', protocol: 'text' as const, batteryAvailable: false },
].map(({ place, ...station }) => ({
  ...{ batteryAvailable: true, ...station },
  id: derivedId('demo', 'station', place) as StationId,
  description: `Estação ${place}`,
}));

/** How many were made; those that are there, or were removed, are left alone. */
export const makeStations = async (eventStore: EventStore): Promise<number> => {
  const made = await Promise.all(
    demoStations.map(async ({ id, ...station }) => {
      const stream = `station-${id}`;
      if ((await eventStore.read(stream, stationEvents)).revision !== 'no-stream') return false;
      const commandId = derivedId('demo', stream);
      const at = systemClock();
      const meta = {
        ...{ commandId, causationId: commandId, fingerprint: 'demo', correlationId: 'demo' },
        ...{ actor: { id: 'demo', role: 'system' }, at },
      };
      const event = { type: 'StationRegistered', data: { stationId: id, ...station, at } } as const;
      try {
        const options = { expected: 'no-stream', meta } as const;
        await eventStore.append(stream, stationEvents, [event], options);
        return true;
      } catch (error) {
        if (error instanceof StreamMoved) return false;
        throw error;
      }
    }),
  );
  return made.filter(Boolean).length;
};
