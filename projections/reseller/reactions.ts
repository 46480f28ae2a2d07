import { resellerEvents } from '#shared/reseller/events.ts';
import type { Reaction } from '../reaction.ts';

/** What carries it out. */
export const ERASE_RESELLER = 'erase-reseller';

/** Whoever erased them may have been cut short: who is to be erased is, in any case. */
export const finishErasureOfReseller: Reaction<(typeof resellerEvents)['schemas']> = {
  name: 'finish-erasure-of-reseller',
  events: resellerEvents,
  begin: 'beginning',
  on: {
    ResellerRegistered: () => undefined,
    ResellerErased: ({ data }) => ({
      kind: ERASE_RESELLER,
      stream: `reseller-${data.resellerId}`,
      data: { resellerId: data.resellerId },
    }),
  },
};
