import type { ConciliationCommand } from '#shared/conciliation/commands.ts';
import { conciliation } from '#shared/conciliation/decider.ts';
import { conciliationEvents, findingEvents } from '#shared/conciliation/events.ts';
import { finding, type FindingCommand } from '#shared/conciliation/finding.ts';
import { findingIdOf } from '#shared/conciliation/identity.ts';
import type { ConfirmingItem, ConfirmingItems } from '#shared/conciliation/ports.ts';
import type { ConciliationId, SaleId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import type { Clock } from '#shared/kernel/message.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { evolve, type Sale } from '#shared/sale/state.ts';
import { metaOf, type Effect, type Pending } from '../effect.ts';
import { SETTLE_CONFIRMED } from './reactions.ts';

export type SettlingDeps = {
  readonly eventStore: EventStore;
  readonly confirmingItems: ConfirmingItems;
  readonly clock: Clock;
};

/** Items that are seen to at a time. */
const AT_ONCE = 16;

type Asked = Pick<Extract<FindingCommand, { type: 'ResolveFinding' }>['data'], 'by' | 'reason'>;

/** How a sale stands now, which may be other than when the statement was set against it. */
const statusIn =
  (eventStore: EventStore) =>
  async (saleId: SaleId): Promise<Sale['status']> => {
    const { events } = await eventStore.read(`sale-${saleId}`, saleEvents);
    return events.reduce<Sale>(evolve, { status: 'none' }).status;
  };

/**
 * Whether it is settled. What was settled or accepted in the meantime agrees with the statement;
 * of what was sent again, or resolved in another way, the statement is no evidence any more.
 */
const settling = ({ eventStore, clock }: SettlingDeps) => {
  const handle = commandHandler(eventStore, 'finding', findingEvents, finding);
  const statusOf = statusIn(eventStore);

  return async (intent: Pending, { by, reason }: Asked, found: ConfirmingItem) => {
    const { item, saleId, partnerId, amountInCents } = found;
    const status = await statusOf(saleId);
    if (status !== 'UNCERTAIN' && status !== 'ACCEPTED') return false;
    const conciliationId = intent.data['conciliationId'] as ConciliationId;
    const findingId = findingIdOf(conciliationId, item);
    const at = clock();
    const settles = { saleId, ...(partnerId !== null && { partnerId }) };
    const data = {
      ...{ findingId, conciliationId, item, by, at, reason, amountInCents, limitInCents: 0 },
      ...{ resolution: 'SETTLED' as const, ...(status === 'UNCERTAIN' && { settles }) },
    };
    const meta = metaOf(intent, at, item);
    const asked = { meta, keyed: true };
    return (
      (await handle(findingId, { type: 'ResolveFinding', data }, asked)).outcome === 'accepted'
    );
  };
};

/**
 * Settles what a statement confirms, item by item, each on record for itself. A process that is
 * killed in between goes through them again, and finds what it has done.
 */
export const settleConfirmed = (deps: SettlingDeps): Effect => {
  const { eventStore, confirmingItems, clock } = deps;
  const handle = commandHandler(eventStore, 'conciliation', conciliationEvents, conciliation);
  const settle = settling(deps);

  const settledOf = async (
    intent: Pending,
    asked: Asked,
    items: readonly ConfirmingItem[],
    signal: AbortSignal,
  ) => {
    let settled = 0;
    for (let nth = 0; nth < items.length; nth += AT_ONCE) {
      signal.throwIfAborted();
      const some = items.slice(nth, nth + AT_ONCE);
      const done = await Promise.all(some.map((item) => settle(intent, asked, item)));
      settled += done.filter(Boolean).length;
    }
    return settled;
  };

  return {
    kind: SETTLE_CONFIRMED,
    atOnce: 1,
    carryOut: async (intent, { signal }) => {
      const conciliationId = intent.data['conciliationId'] as ConciliationId;
      const { events } = await eventStore.read(
        `conciliation-${conciliationId}`,
        conciliationEvents,
      );
      const state = events.reduce(conciliation.evolve, conciliation.initialState);
      const request = events.find((event) => event.type === 'ConciliationSettlementRequested');
      if (state.status === 'none' || state.settlement !== 'SETTLING' || !request) return;
      let [settled, all] = [0, 0];
      for await (const items of confirmingItems(state.statementId)) {
        all += items.length;
        settled += await settledOf(intent, request.data, items, signal);
      }
      const data = { conciliationId, at: clock(), settled, left: all - settled };
      const command: ConciliationCommand = { type: 'EndSettlement', data };
      await handle(conciliationId, command, { meta: metaOf(intent, data.at), keyed: true });
    },
  };
};
