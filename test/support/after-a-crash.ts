import type { Knex } from 'knex';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { vaultIn } from '../../adapters/postgres/vault.ts';
import { revocationsOnRecord } from '../../command-api/account/revocations.ts';
import { upkeep } from '../../command-api/account/upkeep.ts';
import { aCommandApi, type ACommandApi } from './a-command-api.ts';

export const crash = () => Promise.reject(new Error('crashed'));

/** Ends between the log and the credentials. */
export const crashingBeforeSettling = (db: Knex, eventStore: EventStore) => {
  const vault = vaultIn(db);
  const credentials = { ...vault.credentials, settle: crash };
  return aCommandApi(db, { eventStore, vault: { ...vault, credentials } });
};

/** Looks after what was left unsettled, when what intended it is long gone. */
export const lookAfter = async (
  db: Knex,
  { eventStore, vault }: Pick<ACommandApi, 'eventStore' | 'vault'>,
  clock = systemClock,
) => {
  await db('vault.credential_change').update({ intended_at: '2026-01-01T00:00:00Z' });
  const recordRevocations = revocationsOnRecord(eventStore, vault.sessions);
  await upkeep({ eventStore, vault, recordRevocations, clock })();
};
