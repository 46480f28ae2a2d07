import type { Knex } from 'knex';
import { StationId } from '#shared/ids.ts';
import type { Moment, StoodAt } from '#shared/kernel/fold.ts';
import { Instant } from '#shared/kernel/message.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { asOfMark, asOfParameter, foundAt, shownAt } from '#shared/platform/http/as-of.ts';
import { cursorOf, listOf, listParameters, page } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { stationFold } from '#shared/station/fold.ts';
import { stationsView, type StationRow } from '#shared/station/view.ts';
import { stationById, stationsBefore } from './queries.ts';

const Station = Type.Object({
  id: StationId,
  description: Type.String(),
  batteryAvailable: Type.Boolean(),
  protocol: oneOf(['text', 'json']),
  /** Only of equipment that says whether it is there. */
  equipment: Type.Optional(Type.Object({ online: Type.Boolean(), since: Instant })),
});
const OneStation = Type.Object({ ...Station.properties, ...asOfMark });

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const stationOf = (row: StationRow) => ({
  id: row.station_id,
  description: row.description,
  batteryAvailable: row.battery_available,
  protocol: row.protocol,
  ...(row.online !== null &&
    row.online_since && {
      equipment: { online: row.online, since: row.online_since.toISOString() },
    }),
});

export const stationRoutes = (db: Knex, past: StoodAt): Route[] => {
  const common = {
    method: 'get',
    access: ['operator', 'customer-app'],
    reads: [stationsView],
  } as const;

  return [
    route({
      ...common,
      path: '/v1/stations',
      summary: 'Stations, newest first',
      query: listParameters,
      answers: { 200: listOf(Station) },
      refusals: {},
      handle: async ({ query: { limit, cursor } }) => {
        const before = place.read(cursor)?.position;
        const rows = await stationsBefore(db, { limit: limit + 1, before });
        return page(rows, limit, stationOf, ({ position }) => place.write({ position }));
      },
    }),
    route({
      ...common,
      path: '/v1/stations/{id}',
      summary: 'One station',
      thing: 'station',
      params: { id: StationId },
      query: asOfParameter,
      answers: { 200: OneStation },
      refusals: { 'station-not-found': { status: 404, title: 'No such station' } },
      handle: async ({ params: { id }, query: { asOf } }) => {
        const then = (moment: Moment) => past(stationFold, id, moment);
        const found = await foundAt(asOf, () => stationById(db, id), then);
        if (!found) return { outcome: 'refused', reason: 'station-not-found' };
        return shownAt(stationOf(found.row), found);
      },
    }),
  ];
};
