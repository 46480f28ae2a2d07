import { Bound, type AuditQuery } from '#shared/audit/query.ts';
import { shownEvent } from '#shared/audit/stored.ts';
import type { StoredLog } from '#shared/kernel/stored-log.ts';
import { Type } from '#shared/kernel/type.ts';
import { cursorOf, listOf, listParameters } from '#shared/platform/http/query.ts';
import { route, type Answer, type Route } from '#shared/platform/http/route.ts';
import { allEvents, CSV, NDJSON, pageOfEvents } from './events.ts';

const nullable = (schema: ReturnType<typeof Type.String>) => Type.Union([schema, Type.Null()]);
const Text = Type.String({ minLength: 1, maxLength: 1_024 });
/** What begins with a dollar sign is the server's own. */
const Stream = Type.String({ pattern: '^[^$]', maxLength: 1_024 });

const AuditEvent = Type.Object({
  position: Type.String(),
  stream: Type.String(),
  revision: Type.String(),
  id: Type.String(),
  type: Type.String(),
  at: nullable(Type.String()),
  actor: Type.Union([Type.Object({ id: Type.String(), role: Type.String() }), Type.Null()]),
  correlationId: nullable(Type.String()),
  causationId: nullable(Type.String()),
  /** As it is stored: what is somebody's stays sealed. */
  data: Type.Unknown(),
});

const place = cursorOf(Type.Object({ after: Type.String({ pattern: '^\\d{1,18}$' }) }));

type Asked = AuditQuery & { readonly limit: number; readonly cursor?: string };

const listed = async (log: StoredLog, { limit, cursor, ...query }: Asked) => {
  const after = place.read(cursor)?.after;
  const paging = { limit, after: after === undefined ? undefined : BigInt(after) };
  const { events, next } = await pageOfEvents(log, query, paging);
  const nextCursor = next === undefined ? null : place.write({ after: String(next) });
  const answer: Answer = { status: 200, body: { items: events.map(shownEvent), nextCursor } };
  return { answer, isEmpty: events.length === 0 && next === undefined && after === undefined };
};

export const auditRoutes = (log: StoredLog): Route[] => {
  const common = {
    method: 'get',
    access: ['auditor'],
    alsoAs: [CSV, NDJSON],
    answers: { 200: listOf(AuditEvent) },
  } as const;

  return [
    route({
      ...common,
      path: '/v1/audit/events',
      summary: 'Events straight from the log, oldest first',
      query: {
        ...listParameters,
        stream: Type.Optional(Stream),
        type: Type.Optional(Text),
        actor: Type.Optional(Text),
        correlationId: Type.Optional(Text),
        from: Type.Optional(Bound),
        to: Type.Optional(Bound),
      },
      refusals: {},
      handle: async ({ query, wants }) => {
        if (wants === CSV || wants === NDJSON) return allEvents(log, query, wants);
        return (await listed(log, query)).answer;
      },
    }),
    route({
      ...common,
      path: '/v1/audit/streams/{stream}',
      summary: 'The history of one thing, straight from the log, oldest first',
      thing: 'stream',
      params: { stream: Stream },
      query: listParameters,
      refusals: { 'stream-not-found': { status: 404, title: 'No such stream' } },
      handle: async ({ params: { stream }, query, wants }) => {
        const { answer, isEmpty } = await listed(log, { ...query, stream });
        if (isEmpty) return { outcome: 'refused', reason: 'stream-not-found' };
        return wants === CSV || wants === NDJSON ? allEvents(log, { stream }, wants) : answer;
      },
    }),
  ];
};
