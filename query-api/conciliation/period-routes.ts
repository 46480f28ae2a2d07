import type { Knex } from 'knex';
import {
  conciliationPeriodsTable,
  conciliationPeriodsView,
  type ConciliationPeriodRow,
} from '#shared/conciliation/view.ts';
import { ConciliationId } from '#shared/ids.ts';
import { Month } from '#shared/kernel/calendar.ts';
import { Instant } from '#shared/kernel/message.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { cursorOf, listOf, listParameters, page, shown } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';

const Period = Type.Object({
  month: Month,
  status: oneOf(['OPEN', 'CLOSED']),
  /** The reports that it rested on when it was closed last. */
  conciliations: Type.Array(ConciliationId),
  /** Missing of a month that nobody has closed yet. */
  closedAt: Type.Optional(Instant),
  closedBy: Type.Optional(Type.String()),
  /** When it was opened again last, by whom and why. */
  reopenedAt: Type.Optional(Instant),
  reopenedBy: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});

const periodOf = (row: ConciliationPeriodRow) => ({
  ...{ month: row.month, status: row.status, conciliations: row.conciliations },
  ...{ closedAt: row.closed_at.toISOString(), closedBy: row.closed_by },
  ...(row.reopened_at && {
    ...{ reopenedAt: row.reopened_at.toISOString(), reopenedBy: row.reopened_by },
    reason: row.reason,
  }),
});

const newest = cursorOf(Type.Object({ month: Month }));

const common = {
  method: 'get',
  access: ['operator', 'auditor'],
  reads: [conciliationPeriodsView],
} as const;

/** Months that were closed, and whether they still are. */
export const periodRoutes = (db: Knex): Route[] => {
  const periods = () => db<ConciliationPeriodRow>(conciliationPeriodsTable);
  return [
    route({
      ...common,
      path: '/v1/conciliation-periods',
      summary: 'Months that were ever closed for conciliation, the latest month first',
      query: { ...listParameters, status: Type.Optional(oneOf(['OPEN', 'CLOSED'])) },
      answers: { 200: listOf(Period) },
      refusals: {},
      handle: async ({ query: { limit, cursor, status } }) => {
        const before = newest.read(cursor)?.month;
        const found = periods()
          .orderBy('month', 'desc')
          .limit(limit + 1);
        if (before !== undefined) void found.where('month', '<', before);
        if (status !== undefined) void found.where({ status });
        const cursorAfter = ({ month }: ConciliationPeriodRow) =>
          newest.write({ month: month as Month });
        return page(await found, limit, periodOf, cursorAfter);
      },
    }),
    route({
      ...common,
      path: '/v1/conciliation-periods/{month}',
      summary: 'One month: whether it is closed for conciliation',
      thing: 'conciliation-period',
      params: { month: Month },
      answers: { 200: Period },
      refusals: {},
      handle: async ({ params: { month } }) => {
        const row = await periods().where({ month }).first();
        if (row) return shown(periodOf(row), row.revision);
        return { status: 200, body: { month, status: 'OPEN', conciliations: [] } };
      },
    }),
  ];
};
