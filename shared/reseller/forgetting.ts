import { comparableEmail } from '#shared/kernel/email.ts';
import { erasing, type DestroyKey, type Receipt } from '#shared/kernel/erasure.ts';
import type { EventStore, Recorded } from '#shared/kernel/event-store.ts';
import { streamsOf } from '#shared/kernel/handle-command.ts';
import type { Meta } from '#shared/kernel/message.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import { reseller } from './decider.ts';
import { resellerEmails } from './emails.ts';
import { resellerEvents, type ResellerEvent } from './events.ts';
import type { CloseSignIn } from './ports.ts';

export type ForgettingDeps = {
  readonly eventStore: EventStore;
  readonly hash: KeyedHash;
  readonly destroyKey: DestroyKey;
  readonly closeSignIn: CloseSignIn;
};

/** Their key is the one of their CPF, under which sales know them as a buyer too. */
const ERASED = ['name', 'cpf', 'email', 'sign-in', 'sales-as-buyer'];

/** Nothing once nobody can read it any more. */
const emailIn = (history: readonly Recorded[]): string | undefined => {
  const [first] = history as unknown as readonly ResellerEvent[];
  return first?.type === 'ResellerRegistered' ? (first.data.email ?? undefined) : undefined;
};

/**
 * Carries out what the erasure of a reseller promises: nobody signs in as them, their e-mail is
 * free again, and nobody can read who they were. The key goes last, since the e-mail cannot be
 * read without it; each step may be done again. Nothing for whoever is not to be erased.
 */
export const forgetting = (deps: ForgettingDeps) => {
  const { eventStore, hash, destroyKey, closeSignIn } = deps;
  const { load } = streamsOf(eventStore, 'reseller', resellerEvents, reseller);
  const emails = resellerEmails(eventStore, hash);
  const erase = erasing(eventStore, destroyKey);

  return async (resellerId: string, meta: Meta): Promise<Receipt | undefined> => {
    const { state, history } = await load(resellerId);
    if (state.status !== 'erased') return undefined;
    await closeSignIn(resellerId, meta);
    const email = emailIn(history);
    if (email !== undefined) {
      const release = await emails.releasing(comparableEmail(email), resellerId);
      await release(meta);
    }
    return erase({ subjectId: state.subjectId, what: ERASED }, meta);
  };
};
