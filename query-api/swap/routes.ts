import type { Knex } from 'knex';
import { StationId, SwapId } from '#shared/ids.ts';
import type { Moment, StoodAt } from '#shared/kernel/fold.ts';
import { Instant } from '#shared/kernel/message.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { asOfMark, asOfParameter, foundAt, shownAt } from '#shared/platform/http/as-of.ts';
import { cursorOf, listOf, listParameters, page } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { transactionFold } from '#shared/swap/fold.ts';
import { transactionsView, type TransactionRow } from '#shared/swap/view.ts';
import { transactionById, transactionsBefore } from './queries.ts';

const Status = oneOf(['PENDING', 'COMPLETED', 'FAILED', 'EXPIRED']);

const Reply = Type.Object({
  at: Instant,
  /** As it was received; in base64 where that is no text. */
  payload: Type.String(),
  /** `confirm` and `error` decided; the others say why a reply changed nothing. */
  verdict: oneOf(['confirm', 'error', 'duplicate', 'contradictory', 'late', 'garbled']),
});

const Transaction = Type.Object({
  id: SwapId,
  number: Type.Integer({ minimum: 1 }),
  stationId: StationId,
  status: Status,
  startedAt: Instant,
  decidedAt: Type.Optional(Instant),
  replies: Type.Array(Reply),
});
const OneTransaction = Type.Object({ ...Transaction.properties, ...asOfMark });

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const transactionOf = (row: TransactionRow) => ({
  id: row.swap_id,
  number: Number(row.number),
  stationId: row.station_id,
  status: row.status,
  startedAt: row.started_at.toISOString(),
  ...(row.decided_at && { decidedAt: row.decided_at.toISOString() }),
  replies: row.replies,
});

export const transactionRoutes = (db: Knex, past: StoodAt): Route[] => {
  const common = {
    method: 'get',
    access: ['operator', 'customer-app'],
    reads: [transactionsView],
  } as const;

  return [
    route({
      ...common,
      path: '/v1/transactions',
      summary: 'Transactions at stations, newest first',
      query: {
        ...listParameters,
        status: Type.Optional(Status),
        stationId: Type.Optional(StationId),
      },
      answers: { 200: listOf(Transaction) },
      refusals: {},
      handle: async ({ query: { limit, cursor, ...filter } }) => {
        const before = place.read(cursor)?.position;
        const rows = await transactionsBefore(db, filter, { limit: limit + 1, before });
        return page(rows, limit, transactionOf, ({ position }) => place.write({ position }));
      },
    }),
    route({
      ...common,
      path: '/v1/transactions/{id}',
      summary: 'One transaction, with all that its equipment said',
      thing: 'transaction',
      params: { id: SwapId },
      query: asOfParameter,
      answers: { 200: OneTransaction },
      refusals: { 'transaction-not-found': { status: 404, title: 'No such transaction' } },
      handle: async ({ params: { id }, query: { asOf } }) => {
        const then = (moment: Moment) => past(transactionFold, id, moment);
        const found = await foundAt(asOf, () => transactionById(db, id), then);
        if (!found) return { outcome: 'refused', reason: 'transaction-not-found' };
        return shownAt(transactionOf(found.row), found);
      },
    }),
  ];
};
