import type { Knex } from 'knex';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { listOf } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { projectionStatus, type ProjectionStatus } from '#shared/platform/projection-status.ts';

const Projection = Type.Object({
  name: Type.String(),
  kind: oneOf(['view', 'reaction']),
  /** In the log, in decimal; -1 before anything was read. */
  position: Type.String(),
  lag: Type.Object({ positions: Type.Integer(), seconds: Type.Integer() }),
  status: oneOf(['LIVE', 'CATCHING_UP', 'REBUILDING', 'PARKED']),
  rows: Type.Optional(Type.Integer()),
  lastError: Type.Optional(Type.String()),
  rebuild: Type.Optional(
    Type.Object({
      phase: Type.String(),
      processed: Type.Integer(),
      perSecond: Type.Integer(),
      etaSeconds: Type.Union([Type.Integer(), Type.Null()]),
    }),
  ),
});

/** As it is shown, over HTTP and by the command line. */
export const projectionOf = ({ position, lag, ...rest }: ProjectionStatus) => ({
  ...rest,
  position: String(position),
  lag: { positions: Number(lag.positions), seconds: lag.seconds },
});

export const projectionRoutes = (db: Knex): Route[] => [
  route({
    method: 'get',
    path: '/v1/projections',
    summary: 'How far every read model and every reaction has got',
    access: ['operator', 'auditor'],
    answers: { 200: listOf(Projection) },
    refusals: {},
    handle: async () => {
      const items = (await projectionStatus(db)).map(projectionOf);
      return { status: 200, body: { items, nextCursor: null } };
    },
  }),
];
