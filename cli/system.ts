import type { Knex } from 'knex';
import type { DestroyKey } from '#shared/kernel/erasure.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { keyedHash, type KeyedHash, type PersonalKeys } from '#shared/kernel/personal.ts';
import { atOnce } from '#shared/platform/at-once.ts';
import { settingsFrom } from '#shared/platform/config.ts';
import { databaseIsAway } from '#shared/platform/database-away.ts';
import { dataSecretsFrom, secretSettings } from '#shared/platform/secrets.ts';
import { serverSettings, serversFrom } from '#shared/platform/servers.ts';
import { connect } from '../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../adapters/eventstoredb/event-store.ts';
import { database } from '../adapters/postgres/database.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { personalKeys } from '../adapters/postgres/personal-keys.ts';
import { Failed } from './outcome.ts';

const CONNECTIONS = 8;

/** What a command of ours works on: the log, the database, and the keys to both. */
export type System = {
  readonly eventStore: EventStore;
  readonly db: Knex;
  readonly keys: PersonalKeys;
  readonly destroyKey: DestroyKey;
  readonly hash: KeyedHash;
  /** What makes that hash. */
  readonly hashKey: Buffer;
  readonly databaseUrl: string;
  readonly isProduction: boolean;
};

const systemSettings = { ...secretSettings, ...serverSettings };

/** Whoever starts a command wants to know what to do, not which call was refused. */
const reachable = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!databaseIsAway(error)) throw error;
    throw new Failed(
      'Postgres cannot be reached: start it with "lastro run", or set DATABASE_URL to one that runs',
      { cause: error },
    );
  }
};

/**
 * Does something with the servers that the environment names, its schema up to date, and lets go
 * of them whatever happens.
 * @throws {BadConfig} when a setting is wrong or missing.
 */
export const onTheSystem = async <T>(
  environment: NodeJS.ProcessEnv,
  work: (system: System) => Promise<T>,
): Promise<T> => {
  const given = settingsFrom(systemSettings, environment);
  const { servers, secrets } = await atOnce({
    servers: () => serversFrom(given),
    secrets: () => dataSecretsFrom(given),
  });
  await reachable(() => migrate(servers.databaseUrl));

  const db = database(servers.databaseUrl, { name: 'cli', connections: CONNECTIONS });
  const connection = connect(servers.eventStoreUrl);
  const keys = personalKeys(db, secrets.masterKey);
  try {
    return await work({
      ...{ db, keys, destroyKey: keys.destroy, hash: keyedHash(secrets.hashKey) },
      hashKey: secrets.hashKey,
      eventStore: eventStoreDb(connection, keys),
      databaseUrl: servers.databaseUrl,
      isProduction: given.LASTRO_ENV === 'production',
    });
  } finally {
    await connection.dispose();
    await db.destroy();
  }
};
