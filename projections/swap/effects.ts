import type { SwapId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import type { Clock } from '#shared/kernel/message.ts';
import { swap } from '#shared/swap/decider.ts';
import { swapEvents } from '#shared/swap/events.ts';
import { metaOf, type Effect } from '../effect.ts';
import { EXPIRE_SWAP } from './reactions.ts';

/** So many end at a time when equipment was silent for a while. */
const AT_ONCE = 8;

export type ExpiringDeps = { readonly eventStore: EventStore; readonly clock: Clock };

/** Ends what nobody answered; what was answered in time is left as it is. */
export const expireSwap = ({ eventStore, clock }: ExpiringDeps): Effect => {
  const handle = commandHandler(eventStore, 'swap', swapEvents, swap);
  return {
    kind: EXPIRE_SWAP,
    atOnce: AT_ONCE,
    carryOut: async (intent) => {
      const swapId = intent.data['swapId'] as SwapId;
      const at = clock();
      const asked = { meta: metaOf(intent, at), keyed: true };
      const handled = await handle(swapId, { type: 'ExpireSwap', data: { swapId, at } }, asked);
      if (handled.outcome === 'refused')
        throw new Error(`${intent.stream} is to expire and was never started`);
    },
  };
};
