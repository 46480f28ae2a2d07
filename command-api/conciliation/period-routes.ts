import { FIRST_MONTH } from '#shared/conciliation/closed-periods.ts';
import { conciliationPeriodEvents } from '#shared/conciliation/events.ts';
import {
  conciliationPeriod,
  type Period,
  type PeriodRefusal,
} from '#shared/conciliation/period.ts';
import type { Standing, StandingOf } from '#shared/conciliation/standing.ts';
import type { AccountId } from '#shared/ids.ts';
import { dayOf, Month, monthOf } from '#shared/kernel/calendar.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler, type Handled } from '#shared/kernel/handle-command.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { problems, Rejected } from '#shared/platform/http/problem.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';

export type PeriodDeps = {
  readonly eventStore: EventStore;
  readonly standingOf: StandingOf;
};

type CloseRefusal = Exclude<PeriodRefusal, 'period-not-closed'>;
type ReopenRefusal = Extract<PeriodRefusal, 'period-not-closed'>;
type NotFound = 'conciliation-period-not-found';

const notFound: Refusals<NotFound> = {
  'conciliation-period-not-found': {
    status: 404,
    title: 'There is no such period',
    detail: `Periods are months from ${FIRST_MONTH} on.`,
  },
};
const toClose: Refusals<CloseRefusal | NotFound> = {
  ...notFound,
  'period-not-begun': { status: 409, title: 'The month has not begun' },
  'conciliation-running': {
    status: 409,
    title: 'A statement of this month is still being set against the log',
    detail: 'Ask again when it has come to a report.',
  },
  'findings-open': { status: 409, title: 'There are findings of which nobody said what was done' },
};
const toReopen: Refusals<ReopenRefusal | NotFound> = {
  ...notFound,
  'period-not-closed': { status: 409, title: 'The month was never closed' },
};

const Shown = closed({ month: Month, status: oneOf(['OPEN', 'CLOSED']) });
const shownAs =
  (month: Month) =>
  ({ status }: Period) => ({ status: 200, body: { month, status } });

const PATH = '/v1/conciliation-periods/{month}';
const common = {
  method: 'post',
  thing: 'conciliation-period',
  access: ['operator'],
  params: { month: Month },
  answers: { 200: Shown },
} as const;

/** Which reports have how many, so that whoever wants to close it knows where to look. */
const openInWords = ({ reports }: Standing): string =>
  reports
    .filter(({ open }) => open > 0)
    .map(({ conciliationId, open }) => `conciliation ${conciliationId} has ${open}`)
    .join('; ');

const isPeriod = (month: Month) => month >= FIRST_MONTH;
const unknown = { outcome: 'refused', reason: 'conciliation-period-not-found' } as const;

/** Closing months of which nothing is open, and opening them again. */
export const periodRoutes = ({ eventStore, standingOf }: PeriodDeps): Route[] => {
  const handle = commandHandler(
    eventStore,
    'conciliationPeriod',
    conciliationPeriodEvents,
    conciliationPeriod,
  );
  /** As everything has it that was acknowledged before they asked. */
  const standing = async (month: Month): Promise<Standing> => {
    const found = await standingOf(month, await eventStore.end());
    if (!found) throw new Rejected(problems.behind);
    return found;
  };

  return [
    route({
      ...common,
      path: `${PATH}/close`,
      summary: 'Close a month of sales of which every finding is seen to',
      refusals: toClose,
      handle: async ({ params: { month }, caller, at, asked }) => {
        if (!isPeriod(month)) return unknown;
        const stands = await standing(month);
        const about = { month, by: caller.id as AccountId, at };
        const data = { ...about, thisMonth: monthOf(dayOf(at)), standing: stands };
        const handled = await handle(month, { type: 'ClosePeriod', data }, asked());
        if (handled.outcome === 'refused' && handled.reason === 'findings-open')
          return { ...handled, reason: 'findings-open', detail: `${openInWords(stands)}.` };
        return answer(handled as Handled<Period, CloseRefusal>, shownAs(month));
      },
    }),
    route({
      ...common,
      path: `${PATH}/reopen`,
      summary: 'Open a month again that was closed, and say why',
      body: closed({ reason: Type.String({ minLength: 1, maxLength: 500 }) }),
      refusals: toReopen,
      handle: async ({ params: { month }, body: { reason }, caller, at, asked }) => {
        if (!isPeriod(month)) return unknown;
        const data = { month, by: caller.id as AccountId, reason, at };
        const handled = await handle(month, { type: 'ReopenPeriod', data }, asked());
        return answer(handled as Handled<Period, ReopenRefusal>, shownAs(month));
      },
    }),
  ];
};
