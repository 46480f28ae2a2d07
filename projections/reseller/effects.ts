import type { Clock } from '#shared/kernel/message.ts';
import { forgetting, type ForgettingDeps } from '#shared/reseller/forgetting.ts';
import { metaOf, type Effect } from '../effect.ts';
import { ERASE_RESELLER } from './reactions.ts';

export type ErasingDeps = ForgettingDeps & { readonly clock: Clock };

/** Does again what the erasure did, or what it did not come to; the receipt stays the first one. */
export const eraseReseller = ({ clock, ...deps }: ErasingDeps): Effect => {
  const forget = forgetting(deps);
  return {
    kind: ERASE_RESELLER,
    carryOut: async (intent) => {
      const receipt = await forget(intent.data['resellerId'] ?? '', metaOf(intent, clock()));
      if (!receipt) throw new Error(`${intent.stream} is to be erased, and nobody has said so`);
    },
  };
};
