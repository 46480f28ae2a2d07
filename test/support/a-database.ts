import { randomUUID } from 'node:crypto';
import knex, { type Knex } from 'knex';
import { thePostgres, type SpecPostgres } from './a-postgres.ts';
import { waitUntil } from './wait-until.ts';

/** Starting Postgres for the first time takes a machine that has much else to do this long. */
const LONGEST_START_MS = 120_000;

const within = async <T>(url: string, work: (db: Knex) => Promise<T>): Promise<T> => {
  const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 1 } });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
};

/** PostgreSQL's own: no right to do this. */
const NOT_ALLOWED = '42501';

/** Not as long as the server itself tidies up in there: nobody but a superuser may send that away. */
const gone = async (admin: Knex, name: string): Promise<boolean> => {
  try {
    await admin.raw(`drop database ${name} with (force)`);
    return true;
  } catch (error) {
    if ((error as { readonly code?: string }).code === NOT_ALLOWED) return false;
    throw error;
  }
};

export type ADatabase = {
  /** Connected, once the specs run. */
  (): Knex;
  readonly url: () => string;
};

/** An empty database for the specs around it, dropped behind them. One server serves them all. */
export const aDatabase = (prepare?: (db: Knex) => Promise<unknown>): ADatabase => {
  const name = `spec_${randomUUID().replaceAll('-', '')}`;
  let server: SpecPostgres;
  let db: Knex | undefined;

  before(async function () {
    this.timeout(LONGEST_START_MS);
    server = await thePostgres();
    await within(server.adminUrl, (admin) => admin.raw(`create database ${name}`));
    db = knex({ client: 'pg', connection: server.urlOf(name), pool: { min: 0, max: 10 } });
    await prepare?.(db);
  });

  after(async function () {
    this.timeout(LONGEST_START_MS);
    if (!db) return;
    await db.destroy();
    await within(server.adminUrl, (admin) => waitUntil('a database goes', () => gone(admin, name)));
  });

  const connected = () => {
    if (db) return db;
    throw new Error('There is a database in hooks and specs only, not while they are declared');
  };
  return Object.assign(connected, { url: () => server.urlOf(name) });
};
