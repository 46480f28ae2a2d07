import type { ClosedPeriods } from '#shared/conciliation/closed-periods.ts';
import { conciliation } from '#shared/conciliation/decider.ts';
import { conciliationEvents } from '#shared/conciliation/events.ts';
import type { ConciliationId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { streamsOf } from '#shared/kernel/handle-command.ts';
import type { Instant } from '#shared/kernel/message.ts';

/** What an operator hears who wants to change what is closed. */
export const PERIOD_CLOSED = {
  status: 409,
  title: 'A month that this is about is closed',
  detail: 'Reopen it first, and say why: POST /v1/conciliation-periods/{month}/reopen.',
} as const;

/** Asked before anything is written about a conciliation: a refusal if a month of it is closed. */
export const unlessClosedIn = (eventStore: EventStore, closedPeriods: ClosedPeriods) => {
  const { load } = streamsOf(eventStore, 'conciliation', conciliationEvents, conciliation);
  return (id: ConciliationId, at: Instant) => async (): Promise<'period-closed' | undefined> => {
    const { state } = await load(id);
    if (state.status === 'none') return undefined;
    const { from, to } = state.started;
    return (await closedPeriods(from, to, at)).length > 0 ? 'period-closed' : undefined;
  };
};
