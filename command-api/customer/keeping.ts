import type { Change, CustomerCommand, Registration } from '#shared/customer/commands.ts';
import { customer, type Customer, type CustomerRefusal } from '#shared/customer/decider.ts';
import { emailHashOf } from '#shared/customer/email-hash.ts';
import { customerEmails } from '#shared/customer/emails.ts';
import { customerEvents } from '#shared/customer/events.ts';
import { forgetting, type ForgettingDeps } from '#shared/customer/forgetting.ts';
import type { CustomerId, SubjectId } from '#shared/ids.ts';
import { comparableEmail } from '#shared/kernel/email.ts';
import {
  commandHandler,
  streamsOf,
  type Asked,
  type Handled,
} from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { Erased } from '#shared/kernel/personal.ts';
import { withReserved, type Release } from '#shared/kernel/reservation.ts';

export type KeepingDeps = ForgettingDeps & {
  /** How long an e-mail that leads to nothing is left to the command that took it. */
  readonly graceMs?: number;
};

type Outcome = Promise<Handled<Customer, CustomerRefusal>>;

/** Whoever was erased while they were being changed is not there any more. */
const unlessErased = async (handling: Outcome): Outcome => {
  try {
    return await handling;
  } catch (error) {
    if (!(error instanceof Erased)) throw error;
    return { outcome: 'refused', reason: 'customer-not-found' };
  }
};

/** Customers, each with an e-mail that no other has. */
export const keeping = (deps: KeepingDeps) => {
  const { eventStore, hash, graceMs } = deps;
  const emails = customerEmails(eventStore, hash, graceMs === undefined ? {} : { graceMs });
  const { load } = streamsOf(eventStore, 'customer', customerEvents, customer);
  const handle = commandHandler(eventStore, 'customer', customerEvents, customer);
  const forget = forgetting(deps);

  const withEmail = (holder: CustomerId, email: string, command: CustomerCommand, asked: Asked) => {
    const wanted = { value: comparableEmail(email), holder, taken: 'email-taken' } as const;
    return withReserved(emails, wanted, asked.meta, (secure) =>
      unlessErased(handle(holder, command, asked, secure)),
    );
  };

  /** To be called once they have another one. */
  const releasingTheirs = async (id: CustomerId): Promise<Release> => {
    const { state } = await load(id);
    if (state.status !== 'kept' || state.email === null) return () => Promise.resolve();
    return emails.releasing(comparableEmail(state.email), id);
  };

  return {
    register: async ({ name, email }: Registration, asked: Asked) => {
      const { commandId, at } = asked.meta;
      const customerId = derivedId('customer', commandId) as CustomerId;
      const subjectId = derivedId('subject', 'customer', customerId) as SubjectId;
      const emailHash = emailHashOf(hash, email);
      const data = { customerId, subjectId, name, email, emailHash, at };
      const handled = await withEmail(customerId, email, { type: 'RegisterCustomer', data }, asked);
      return { handled, id: customerId };
    },

    change: async (customerId: CustomerId, { name, email }: Change, asked: Asked): Outcome => {
      const data = { customerId, at: asked.meta.at, ...(name !== undefined && { name }) };
      if (email === undefined)
        return unlessErased(handle(customerId, { type: 'ChangeCustomer', data }, asked));
      const release = await releasingTheirs(customerId);
      const wanted = { email, emailHash: emailHashOf(hash, email) };
      const command = { type: 'ChangeCustomer', data: { ...data, email: wanted } } as const;
      const handled = await withEmail(customerId, email, command, asked);
      if (handled.outcome === 'accepted') await release(asked.meta);
      return handled;
    },

    /** They are erased when this resolves. Cut short in between, a reaction carries on. */
    remove: async (customerId: CustomerId, asked: Asked) => {
      const data = { customerId, at: asked.meta.at };
      const handled = await handle(customerId, { type: 'RemoveCustomer', data }, asked);
      const isRemoved = handled.outcome === 'accepted';
      return { handled, receipt: isRemoved ? await forget(customerId, asked.meta) : undefined };
    },
  };
};
export type Keeping = ReturnType<typeof keeping>;
