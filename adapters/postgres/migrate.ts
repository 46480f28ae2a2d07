import type { Knex } from 'knex';
import { database } from './database.ts';
import { migrations, queueSchema, type Migration } from './schema.ts';

/** Any number will do that nobody else locks. */
const LOCK = 7_250_331;

/** What knex wants to know of a list of migrations. */
const source = (all: readonly Migration[]): Knex.MigrationSource<Migration> => ({
  getMigrations: () => Promise.resolve([...all]),
  getMigrationName: ({ name }) => name,
  getMigration: ({ up }) => Promise.resolve({ up, down: () => Promise.resolve() }),
});

/** One process at a time; the lock goes with the connection, however the process ends. */
const alone = (db: Knex, work: () => Promise<void>): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.raw('set local idle_in_transaction_session_timeout = 0');
    await tx.raw('select pg_advisory_xact_lock(?)', [LOCK]);
    await work();
  });

/**
 * Brings the schema up to date. Processes that start together wait for the one that does it; what
 * one that was killed left locked is freed, since whoever holds our lock is alone.
 */
export const migrate = async (
  url: string,
  all: readonly Migration[] = migrations,
): Promise<void> => {
  const db = database(url, { name: 'migrations', connections: 3, statementMs: 0 });
  try {
    await alone(db, async () => {
      const config = { migrationSource: source(all), tableName: 'lastro_migrations' };
      await db.migrate.forceFreeMigrationsLock(config);
      await db.migrate.latest(config);
      await queueSchema(url);
    });
  } finally {
    await db.destroy();
  }
};
