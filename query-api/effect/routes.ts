import type { Knex } from 'knex';
import { INTENT_STATUSES } from '#shared/effect/intent.ts';
import { Instant } from '#shared/kernel/message.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { cursorOf, listOf, listParameters, page } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { effectsAfter, type ListedEffect } from './queries.ts';

const Status = oneOf(INTENT_STATUSES);
const Effect = Type.Object({
  id: Type.String({ format: 'uuid' }),
  kind: Type.String(),
  stream: Type.String(),
  status: Status,
  attempts: Type.Integer(),
  nextAttemptAt: Type.Optional(Instant),
  lastError: Type.Optional(Type.String()),
  createdAt: Instant,
  doneAt: Type.Optional(Instant),
});

const place = cursorOf(
  Type.Object({
    createdAt: Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?[+-]\\d{2}(:\\d{2})?$',
    }),
    id: Type.String({ format: 'uuid' }),
  }),
);

export const effectOf = (row: ListedEffect) => ({
  id: row.id,
  kind: row.kind,
  stream: row.stream,
  status: row.status,
  attempts: row.attempts,
  ...(row.next_attempt_at && { nextAttemptAt: row.next_attempt_at.toISOString() }),
  ...(row.last_error !== null && { lastError: row.last_error }),
  createdAt: row.created_at.toISOString(),
  ...(row.done_at && { doneAt: row.done_at.toISOString() }),
});

export const effectRoutes = (db: Knex): Route[] => [
  route({
    method: 'get',
    path: '/v1/effects',
    summary: 'What is done outside because of events, newest first',
    access: ['operator'],
    query: { ...listParameters, status: Type.Optional(Status) },
    answers: { 200: listOf(Effect) },
    refusals: {},
    handle: async ({ query: { limit, cursor, status } }) => {
      const rows = await effectsAfter(db, { status, after: place.read(cursor), limit: limit + 1 });
      return page(rows, limit, effectOf, ({ place: createdAt, id }) =>
        place.write({ createdAt, id }),
      );
    },
  }),
];
