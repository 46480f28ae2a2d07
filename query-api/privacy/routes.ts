import type { Knex } from 'knex';
import { erasuresTable, erasuresView, type ErasureRow } from '#shared/privacy/view.ts';
import { Instant } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';
import { cursorOf, listOf, listParameters, page, shown } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';

const ReceiptId = Type.String({ format: 'uuid' });

const Receipt = Type.Object({
  id: ReceiptId,
  when: Instant,
  /** Which kinds of data nobody can read any more. */
  what: Type.Array(Type.String()),
});

/** Somebody is erased once: nothing more is put on record about that. */
const ONLY_REVISION = 0;

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const receiptOf = ({ erasure_id: id, erased_at: when, what }: ErasureRow) => ({
  id,
  when: when.toISOString(),
  what,
});

/** What shows later that somebody was erased; it names nobody. */
export const erasureRoutes = (db: Knex): Route[] => {
  const common = {
    method: 'get',
    access: ['operator', 'auditor', 'customer-app'],
    reads: [erasuresView],
  } as const;

  return [
    route({
      ...common,
      path: '/v1/erasures',
      summary: 'Receipts of everybody who was erased, newest first',
      query: listParameters,
      answers: { 200: listOf(Receipt) },
      refusals: {},
      handle: async ({ query: { limit, cursor } }) => {
        const before = place.read(cursor)?.position;
        const rows = db<ErasureRow>(erasuresTable).select('*');
        if (before !== undefined) void rows.where('position', '<', before);
        const found = await rows.orderBy('position', 'desc').limit(limit + 1);
        return page(found, limit, receiptOf, ({ position }) => place.write({ position }));
      },
    }),
    route({
      ...common,
      path: '/v1/erasures/{id}',
      summary: 'The receipt of one erasure',
      thing: 'erasure',
      params: { id: ReceiptId },
      answers: { 200: Receipt },
      refusals: { 'erasure-not-found': { status: 404, title: 'No such erasure' } },
      handle: async ({ params: { id } }) => {
        const row = await db<ErasureRow>(erasuresTable).where({ erasure_id: id }).first();
        if (!row) return { outcome: 'refused', reason: 'erasure-not-found' };
        return shown(receiptOf(row), ONLY_REVISION);
      },
    }),
  ];
};
