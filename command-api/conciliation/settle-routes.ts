import type { ClosedPeriods } from '#shared/conciliation/closed-periods.ts';
import {
  conciliation,
  type Conciliation,
  type ConciliationRefusal,
} from '#shared/conciliation/decider.ts';
import { conciliationEvents } from '#shared/conciliation/events.ts';
import { ConciliationId, type AccountId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';
import { PERIOD_CLOSED, unlessClosedIn } from './closed-periods.ts';

export type SettleDeps = {
  readonly eventStore: EventStore;
  readonly closedPeriods: ClosedPeriods;
};

const Settling = closed({
  id: ConciliationId,
  status: oneOf(['SETTLING', 'SETTLED']),
  /** How many sales there are of which nobody knew, and the statement does. */
  items: Type.Integer(),
});

const refusals: Refusals<ConciliationRefusal> = {
  'conciliation-not-found': { status: 404, title: 'No such conciliation' },
  'conciliation-not-completed': { status: 409, title: 'There is no report to settle anything by' },
  'period-closed': PERIOD_CLOSED,
};

const shownAs = (id: ConciliationId) => (state: Conciliation) => {
  if (state.status === 'none') throw new Error('An accepted settlement is of no conciliation');
  // Where there is nothing to settle, all of it is.
  const { settlement = 'SETTLED', confirming } = state;
  const body = { id, status: settlement, items: confirming };
  return { status: settlement === 'SETTLING' ? 202 : 200, body };
};

/** Settling at once whatever a statement confirms. */
export const settleRoutes = ({ eventStore, closedPeriods }: SettleDeps): Route[] => {
  const handle = commandHandler(eventStore, 'conciliation', conciliationEvents, conciliation);
  const unlessClosed = unlessClosedIn(eventStore, closedPeriods);
  return [
    route({
      method: 'post',
      path: '/v1/conciliations/{id}/settle',
      summary:
        'Settle every sale of which nobody knew, and of which the statement says so, as accepted',
      thing: 'conciliation',
      access: ['operator'],
      params: { id: ConciliationId },
      body: closed({ reason: Type.String({ minLength: 1, maxLength: 500 }) }),
      answers: { 200: Settling, 202: Settling },
      refusals,
      handle: async ({ params: { id }, body: { reason }, caller, at, asked }) => {
        const data = { conciliationId: id, by: caller.id as AccountId, reason, at };
        const command = { type: 'SettleConfirmed', data } as const;
        return answer(await handle(id, command, asked(), unlessClosed(id, at)), shownAs(id));
      },
    }),
  ];
};
