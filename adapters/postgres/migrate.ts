import type { Knex } from 'knex';
import { database } from './database.ts';
import { migrations, queueSchema, queueVersion, type Migration } from './schema.ts';

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

const UNDEFINED_TABLE = '42P01';

/** What all steps together led to, so that the next to start needs to look at no more than this. */
const note = (all: readonly Migration[]) => {
  const wanted = [...all.map(({ name }) => name), `queue ${queueVersion}`].join(', ');
  return {
    isThere: async (db: Knex): Promise<boolean> => {
      try {
        const { rows } = await db.raw<{ readonly rows: readonly { readonly steps: string }[] }>(
          'select steps from lastro_schema',
        );
        return rows[0]?.steps === wanted;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE)
          return false;
        throw error;
      }
    },
    leave: (db: Knex) =>
      db.transaction(async (tx) => {
        await tx.raw('create table if not exists lastro_schema (steps text not null)');
        await tx.raw('delete from lastro_schema');
        await tx.raw('insert into lastro_schema values (?)', [wanted]);
      }),
  };
};

/**
 * Brings the schema up to date. Processes that start together wait for the one that does it; what
 * one that was killed left locked is freed, since whoever holds our lock is alone.
 */
export const migrate = async (
  url: string,
  all: readonly Migration[] = migrations,
): Promise<void> => {
  const db = database(url, { name: 'migrations', connections: 3, statementMs: 0 });
  const done = note(all);
  try {
    if (await done.isThere(db)) return;
    await alone(db, async () => {
      const config = { migrationSource: source(all), tableName: 'lastro_migrations' };
      await db.migrate.forceFreeMigrationsLock(config);
      await db.migrate.latest(config);
      await queueSchema(url);
      await done.leave(db);
    });
  } finally {
    await db.destroy();
  }
};
