import { activationEvents, type ActivationEvent } from '#shared/activation/events.ts';
import type { Intent, Reaction } from '../reaction.ts';

/** What carries it out. */
export const TELL_CUSTOMER = 'tell-customer';

const notice = ({ type, data }: ActivationEvent): Intent => ({
  kind: TELL_CUSTOMER,
  stream: `activation-${data.activationId}`,
  data: { activationId: data.activationId, about: type },
});

/** The customer hears of everything that happens to an activation, once each. */
export const tellCustomerOfActivation: Reaction<(typeof activationEvents)['schemas']> = {
  name: 'tell-customer-of-activation',
  events: activationEvents,
  on: {
    ActivationSubmitted: notice,
    ActivationApproved: notice,
    ActivationRejected: notice,
    ActivationCancelled: notice,
  },
};
