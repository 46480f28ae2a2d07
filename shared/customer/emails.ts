import { comparableEmail } from '#shared/kernel/email.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { streamsOf } from '#shared/kernel/handle-command.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import { reservationsIn, type Reservations } from '#shared/kernel/reservation.ts';
import { customer } from './decider.ts';
import { CUSTOMER_EMAIL } from './email-hash.ts';
import { customerEvents } from './events.ts';

/** Each e-mail, in the form in which they are compared, is had by one customer. */
export const customerEmails = (
  eventStore: EventStore,
  hash: KeyedHash,
  options: { readonly graceMs?: number } = {},
): Reservations => {
  const { load } = streamsOf(eventStore, 'customer', customerEvents, customer);
  return reservationsIn(eventStore, {
    ...options,
    kind: CUSTOMER_EMAIL,
    hash,
    has: async (id, email) => {
      const { state } = await load(id);
      return state.status === 'kept' && comparableEmail(state.email ?? '') === email;
    },
  });
};
