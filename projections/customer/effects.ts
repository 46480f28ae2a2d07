import { forgetting, type ForgettingDeps } from '#shared/customer/forgetting.ts';
import type { Clock } from '#shared/kernel/message.ts';
import { metaOf, type Effect } from '../effect.ts';
import { ERASE_CUSTOMER } from './reactions.ts';

export type ErasingDeps = ForgettingDeps & { readonly clock: Clock };

/** Does again what the removal did, or what it did not come to; the receipt stays the first one. */
export const eraseCustomer = ({ clock, ...deps }: ErasingDeps): Effect => {
  const forget = forgetting(deps);
  return {
    kind: ERASE_CUSTOMER,
    carryOut: async (intent) => {
      const receipt = await forget(intent.data['customerId'] ?? '', metaOf(intent, clock()));
      if (!receipt) throw new Error(`${intent.stream} is to be erased and was never removed`);
    },
  };
};
