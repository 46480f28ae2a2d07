import { station, type Station } from '#shared/station/decider.ts';
import { stationEvents } from '#shared/station/events.ts';
import type { StationId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';

export type StationBy = (id: StationId) => Promise<Station>;

/** Asked by commands that are about a station: as it stands at this moment. */
export const stationIn =
  (eventStore: EventStore): StationBy =>
  async (id) => {
    const { events } = await eventStore.read(`station-${id}`, stationEvents);
    return events.reduce(station.evolve, station.initialState);
  };
