import { signInEvents } from '#shared/account/events.ts';
import type { RevokedSession, Sessions } from '#shared/account/ports.ts';
import { signIn } from '#shared/account/sign-in.ts';
import { StoreAway, type EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';

/** More are put on record when they are looked for again. */
export const MOST_AT_ONCE = 100;

export type RecordRevocations = (of?: Parameters<Sessions['unrecorded']>[1]) => Promise<void>;

/**
 * Puts on record that sessions were revoked. They are so already: if the event store is away, that
 * it is not on record yet is no reason to fail, and it will be looked for again.
 */
export const revocationsOnRecord = (
  eventStore: EventStore,
  sessions: Sessions,
): RecordRevocations => {
  const handle = commandHandler(eventStore, 'signIn', signInEvents, signIn);

  const record = async ({ id, accountId, reason, meta: cause }: RevokedSession) => {
    const commandId = derivedId('revoke-session', id);
    const meta = { ...cause, commandId, fingerprint: reason, causationId: cause.commandId };
    const data = { signInId: id, accountId, reason, at: cause.at };
    await handle(id, { type: 'RevokeSession', data }, { meta, keyed: false });
    return id;
  };

  return async (of) => {
    const revoked = await sessions.unrecorded(MOST_AT_ONCE, of);
    if (revoked.length === 0) return;
    const faults: unknown[] = [];
    const recorded = revoked.map((one) =>
      record(one).catch((error: unknown) => faults.push(error)),
    );
    await sessions.recorded((await Promise.all(recorded)).filter((id) => typeof id === 'string'));
    const fault = faults.find((error) => !(error instanceof StoreAway));
    if (fault !== undefined) throw fault as Error;
  };
};
