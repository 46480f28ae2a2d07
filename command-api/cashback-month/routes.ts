import { cashbackMonth, type CashbackMonthRefusal } from '#shared/cashback-month/decider.ts';
import { cashbackMonthEvents } from '#shared/cashback-month/events.ts';
import type { AccountId } from '#shared/ids.ts';
import { dayOf, Month, monthOf } from '#shared/kernel/calendar.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';

const refusals: Refusals<CashbackMonthRefusal> = {
  'month-not-over': {
    status: 409,
    title: 'The month is not over',
    detail: 'A month can be closed from the first day of the next one on, in São Paulo.',
  },
};

const Closed = closed({ month: Month, status: oneOf(['CLOSED']) });

/** Closing a month; what each reseller is due is granted after that, by a job. */
export const cashbackMonthRoutes = ({
  eventStore,
}: {
  readonly eventStore: EventStore;
}): Route[] => {
  const handle = commandHandler(eventStore, 'cashbackMonth', cashbackMonthEvents, cashbackMonth);
  return [
    route({
      method: 'post',
      path: '/v1/cashback-months/{month}/close',
      summary: 'Close a month: its purchases stay as they are, and their cashback is granted',
      thing: 'cashback-month',
      access: ['analyst'],
      params: { month: Month },
      answers: { 200: Closed },
      refusals,
      handle: async ({ params: { month }, caller, at, asked }) => {
        const data = { month, thisMonth: monthOf(dayOf(at)), by: caller.id as AccountId, at };
        const handled = await handle(month, { type: 'CloseCashbackMonth', data }, asked());
        return answer(handled, () => ({ status: 200, body: { month, status: 'CLOSED' } }));
      },
    }),
  ];
};
