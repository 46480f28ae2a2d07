import { findingEvents } from '#shared/conciliation/events.ts';
import type { SaleId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import type { Clock } from '#shared/kernel/message.ts';
import { sale } from '#shared/sale/decider.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { metaOf, type Effect } from '../effect.ts';
import { SETTLE_SALE } from './reactions.ts';

/** As many sales at a time, of one process. */
const AT_ONCE = 8;

export type SettlingSalesDeps = { readonly eventStore: EventStore; readonly clock: Clock };

/**
 * Settles a sale as the partner's statement has it, in the name of whoever wanted it so. One of
 * which more became known in the meantime stays as it is.
 */
export const settleSale = ({ eventStore, clock }: SettlingSalesDeps): Effect => {
  const handle = commandHandler(eventStore, 'sale', saleEvents, sale);
  return {
    kind: SETTLE_SALE,
    atOnce: AT_ONCE,
    carryOut: async (intent) => {
      const { saleId, findingId = '' } = intent.data;
      const { events } = await eventStore.read(`finding-${findingId}`, findingEvents);
      const found = events.find((event) => event.type === 'FindingResolved');
      if (!found?.data.settles) return;
      const { by, reason, settles } = found.data;
      const at = clock();
      const { partnerId } = settles;
      const data = {
        ...{ saleId: saleId as SaleId, by, at, reason, outcome: 'ACCEPTED' as const },
        ...(partnerId !== undefined && { partnerId }),
      };
      const asked = { meta: metaOf(intent, at), keyed: true };
      await handle(settles.saleId, { type: 'SettleSale', data }, asked);
    },
  };
};
