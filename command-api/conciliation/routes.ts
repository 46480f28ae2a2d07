import { SOURCES } from '#shared/conciliation/categories.ts';
import { closedPeriodsIn } from '#shared/conciliation/closed-periods.ts';
import { FORMATS, type Format } from '#shared/conciliation/reading.ts';
import { BadHeader } from '#shared/conciliation/records.ts';
import { ConciliationId, type AccountId } from '#shared/ids.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { problems, Rejected } from '#shared/platform/http/problem.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { PERIOD_CLOSED } from './closed-periods.ts';
import { findingRoutes, type FindingDeps } from './finding-routes.ts';
import { periodRoutes, type PeriodDeps } from './period-routes.ts';
import { receivingStatements, type ReceivingDeps } from './receiving.ts';
import { settleRoutes } from './settle-routes.ts';

export type ConciliationDeps = Omit<ReceivingDeps & FindingDeps & PeriodDeps, 'closedPeriods'> & {
  /** Of a statement, in bytes. */
  readonly largestStatement: number;
};

const Day = Type.String({ format: 'date', examples: ['2026-11-01'] });
const Taken = closed({
  id: ConciliationId,
  status: oneOf(['RUNNING', 'COMPLETED', 'FAILED']),
});

/** @throws {Rejected} when the period ends before it begins. */
const checked = (from: string, to: string): void => {
  if (from <= to) return;
  const message = 'must not be before "from"';
  throw new Rejected(problems.invalid([{ pointer: '/to', code: 'minimum', message }]));
};

/** What others wrote down, to be set against the log. */
export const conciliationRoutes = ({ largestStatement, ...given }: ConciliationDeps): Route[] => {
  const deps = { ...given, closedPeriods: closedPeriodsIn(given.eventStore) };
  const receive = receivingStatements(deps);
  return [
    route({
      method: 'post',
      path: '/v1/conciliations',
      summary: 'Send a statement, to be set against the log for the sales of a period',
      access: ['operator'],
      query: { source: oneOf(SOURCES), from: Day, to: Day },
      uploads: { types: Object.keys(FORMATS), largest: largestStatement },
      answers: { 200: Taken, 202: Taken },
      refusals: {
        'invalid-statement': {
          status: 422,
          title: 'The header of the statement cannot be read',
          detail: 'A CSV begins with the names of its columns, parted by commas.',
        },
        'period-closed': PERIOD_CLOSED,
      },
      handle: async ({ query: { source, from, to }, upload, caller, at, asked }) => {
        checked(from, to);
        const by = caller.id as AccountId;
        const sent = { bytes: upload.bytes, format: upload.type as Format, source, from, to, by };
        try {
          const received = await receive({ ...sent, at, asked });
          if (received.outcome === 'refused') return received;
          const { id, isFirst, ...taken } = received;
          return answer(taken, ({ status }) => ({
            status: isFirst || taken.replayed ? 202 : 200,
            body: { id, status },
          }));
        } catch (error) {
          if (!(error instanceof BadHeader)) throw error;
          return { outcome: 'refused', reason: 'invalid-statement', detail: `${error.message}.` };
        }
      },
    }),
    ...findingRoutes(deps),
    ...settleRoutes(deps),
    ...periodRoutes(deps),
  ];
};
