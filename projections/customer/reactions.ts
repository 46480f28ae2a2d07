import { customerEvents } from '#shared/customer/events.ts';
import type { Reaction } from '../reaction.ts';

/** What carries it out. */
export const ERASE_CUSTOMER = 'erase-customer';

const nothing = () => undefined;

/** Whoever removed them may have been cut short: who was removed is erased in any case. */
export const eraseRemovedCustomer: Reaction<(typeof customerEvents)['schemas']> = {
  name: 'erase-removed-customer',
  events: customerEvents,
  begin: 'beginning',
  on: {
    CustomerRegistered: nothing,
    CustomerRenamed: nothing,
    CustomerEmailChanged: nothing,
    CustomerRemoved: ({ data }) => ({
      kind: ERASE_CUSTOMER,
      stream: `customer-${data.customerId}`,
      data: { customerId: data.customerId },
    }),
  },
};
