import { swapEvents } from '#shared/swap/events.ts';
import type { Reaction } from '../reaction.ts';

/** What carries it out. */
export const EXPIRE_SWAP = 'expire-swap';

const nothing = () => undefined;

/** Equipment has so long from the moment the broker took the request; the timer outlives us. */
export const expireUnansweredSwap: Reaction<(typeof swapEvents)['schemas']> = {
  name: 'expire-unanswered-swap',
  events: swapEvents,
  begin: 'beginning',
  on: {
    SwapStarted: nothing,
    SwapPublished: ({ data }) => ({
      kind: EXPIRE_SWAP,
      stream: `swap-${data.swapId}`,
      data: { swapId: data.swapId },
      runAt: data.answerBy,
    }),
    SwapCompleted: nothing,
    SwapFailed: nothing,
    SwapExpired: nothing,
    EquipmentReplyIgnored: nothing,
  },
};
