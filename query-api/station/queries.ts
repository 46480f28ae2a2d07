import type { Knex } from 'knex';
import { stationsTable, type StationRow } from '#shared/station/view.ts';

/** Newest first, `limit` at most, from before a position in the log. */
export const stationsBefore = (
  db: Knex,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<StationRow[]> => {
  const rows = db<StationRow>(stationsTable).select('*');
  if (before !== undefined) void rows.where('position', '<', before);
  return rows.orderBy('position', 'desc').limit(limit);
};

export const stationById = (db: Knex, id: string): Promise<StationRow | undefined> =>
  db<StationRow>(stationsTable).where({ station_id: id }).first();
