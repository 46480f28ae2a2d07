import { comparableEmail } from '#shared/kernel/email.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { streamsOf } from '#shared/kernel/handle-command.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import { reservationsIn, type Reservations } from '#shared/kernel/reservation.ts';
import { reseller } from './decider.ts';
import { resellerEvents } from './events.ts';

/** Each e-mail, in the form in which they are compared, is had by one reseller. */
export const resellerEmails = (eventStore: EventStore, hash: KeyedHash): Reservations => {
  const { load } = streamsOf(eventStore, 'reseller', resellerEvents, reseller);
  return reservationsIn(eventStore, {
    kind: 'reseller-email',
    hash,
    has: async (id, email) => {
      const { state } = await load(id);
      return state.status === 'registered' && comparableEmail(state.email ?? '') === email;
    },
  });
};
