import { comparableEmail } from '#shared/kernel/email.ts';
import { erasing, type DestroyKey, type Receipt } from '#shared/kernel/erasure.ts';
import type { EventStore, Recorded } from '#shared/kernel/event-store.ts';
import { streamsOf } from '#shared/kernel/handle-command.ts';
import type { Meta } from '#shared/kernel/message.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import { customer } from './decider.ts';
import { customerEmails } from './emails.ts';
import { customerEvents, type CustomerEvent } from './events.ts';

export type ForgettingDeps = {
  readonly eventStore: EventStore;
  readonly hash: KeyedHash;
  readonly destroyKey: DestroyKey;
};

const ERASED = ['name', 'email'];

/** The last one they had; nothing once nobody can read it any more. */
const lastEmailIn = (history: readonly Recorded[]): string | undefined => {
  const emails = (history as unknown as readonly CustomerEvent[]).map(({ data }) =>
    'email' in data ? data.email : undefined,
  );
  return emails.findLast((email) => email !== undefined) ?? undefined;
};

/**
 * Carries out what the removal of a customer promises: their e-mail is free again, and nobody can
 * read who they were. In this order, since the e-mail cannot be read afterwards; each step may be
 * done again. Nothing for whoever was not removed.
 */
export const forgetting = ({ eventStore, hash, destroyKey }: ForgettingDeps) => {
  const { load } = streamsOf(eventStore, 'customer', customerEvents, customer);
  const emails = customerEmails(eventStore, hash);
  const erase = erasing(eventStore, destroyKey);

  return async (customerId: string, meta: Meta): Promise<Receipt | undefined> => {
    const { state, history } = await load(customerId);
    if (state.status !== 'removed') return undefined;
    const email = lastEmailIn(history);
    if (email !== undefined)
      await (
        await emails.releasing(comparableEmail(email), customerId)
      )(meta);
    return erase({ subjectId: state.subjectId, what: ERASED }, meta);
  };
};
export type Forget = ReturnType<typeof forgetting>;
