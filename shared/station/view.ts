/** One row per station: projections write it, queries read it, nobody decides by it. */
export const stationsTable = 'stations_view';
export const stationsView = 'stations';

export type StationRow = {
  readonly station_id: string;
  readonly description: string;
  readonly battery_available: boolean;
  readonly protocol: 'text' | 'json';
  /** Whether its equipment is connected; nothing where that was never said. */
  readonly online: boolean | null;
  readonly online_since: Date | null;
  /** Where it was registered in the log: the order of lists. A bigint, in decimal. */
  readonly position: string;
  /** The stream's, so that a reader can send back what it saw (`ETag`, `If-Match`). */
  readonly revision: number;
};
