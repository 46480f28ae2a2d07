import { accountEvents } from '#shared/account/events.ts';
import type { CredentialChange, Vault } from '#shared/account/ports.ts';
import { categoryOf, type EventStore } from '#shared/kernel/event-store.ts';
import type { Clock, Contract, Instant, Schemas } from '#shared/kernel/message.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import type { RecordRevocations } from './revocations.ts';

/** No request takes longer than the first; none that does is still under way after the second. */
const LEFT_AFTER_MS = 5_000;
const GIVEN_UP_AFTER_MS = 3_600_000;
const MOST_AT_ONCE = 100;
export const UPKEEP_EVERY_MS = 5_000;
const KEPT_MS = 30 * 86_400_000;
const MOST_PURGED = 1_000;

export type UpkeepDeps = {
  readonly eventStore: EventStore;
  readonly vault: Vault;
  readonly recordRevocations: RecordRevocations;
  readonly clock: Clock;
};

/** At which revision a command was recorded in the stream that it was meant for, if it was. */
type Find = (change: CredentialChange) => Promise<bigint | undefined>;

const findingIn =
  <S extends Schemas>(eventStore: EventStore, contract: Contract<S>): Find =>
  async ({ stream, meta: { commandId, fingerprint } }) => {
    const { events } = await eventStore.read(stream, contract);
    return events.findLast(
      ({ meta }) => meta.commandId === commandId && meta.fingerprint === fingerprint,
    )?.revision;
  };

/**
 * Does what a crash left undone: settles changes of credentials whose event is in the log, forgets
 * those whose event never came, and puts on record what was revoked. Any number of processes may
 * do this at the same time.
 */
export const upkeep = ({ eventStore, vault, recordRevocations, clock }: UpkeepDeps) => {
  const { credentials, sessions, attempts } = vault;
  const finders: Readonly<Record<string, Find>> = {
    account: findingIn(eventStore, accountEvents),
    reseller: findingIn(eventStore, resellerEvents),
  };
  const now = () => Date.parse(clock());

  const bringIntoStep = async (change: CredentialChange): Promise<void> => {
    const revision = await finders[categoryOf(change.stream)]?.(change);
    if (revision !== undefined) await credentials.settle(change, revision);
    else if (now() - Date.parse(change.meta.at) > GIVEN_UP_AFTER_MS)
      await credentials.forget(change);
  };

  /** In order, since one may wait for the other; what cannot be helped does not stop the rest. */
  const settleAll = async (): Promise<unknown[]> => {
    const faults: unknown[] = [];
    for (const change of await credentials.unsettled(LEFT_AFTER_MS, MOST_AT_ONCE))
      await bringIntoStep(change).catch((error: unknown) => faults.push(error));
    return faults;
  };

  return async (): Promise<void> => {
    const faults = await settleAll();
    await recordRevocations();
    await sessions.purge(new Date(now() - KEPT_MS).toISOString() as Instant, MOST_PURGED);
    await attempts.purge();
    if (faults.length > 0) throw new AggregateError(faults, 'Some credentials remain unsettled');
  };
};
