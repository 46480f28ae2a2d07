import knex, { type Knex } from 'knex';
import pg from 'pg';

const LONGEST_CONNECT_MS = 5_000;
/** How long one waits for a connection of the pool before the database counts as away. */
const LONGEST_ACQUIRE_MS = 5_000;
const LONGEST_STATEMENT_MS = 30_000;
const LONGEST_IDLE_IN_TRANSACTION_MS = 60_000;
const LONGEST_IDLE_MS = 30_000;

// A calendar day has no time zone: as a Date it would become another day west of here.
pg.types.setTypeParser(pg.types.builtins.DATE, (day) => day);

export type DatabaseOptions = {
  /** Shown by `pg_stat_activity`. */
  readonly name: string;
  /** Connections at most. */
  readonly connections: number;
  /** Ends a statement that takes longer; 0 lets it take as long as it does. */
  readonly statementMs?: number;
  /** Postgres settings of each connection, such as `synchronous_commit` where a replay mends all. */
  readonly session?: Readonly<Record<string, string>>;
};

/** In the form of the command line of a server: a space or a backslash is escaped by one. */
const flags = (session: Readonly<Record<string, string>>): string =>
  Object.entries(session)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, (sign) => `\\${sign}`)}`)
    .join(' ');

const settings = (
  url: string,
  { name, statementMs = LONGEST_STATEMENT_MS, session }: DatabaseOptions,
) => ({
  connectionString: url,
  application_name: `lastro ${name}`,
  connectionTimeoutMillis: LONGEST_CONNECT_MS,
  statement_timeout: statementMs,
  idle_in_transaction_session_timeout: LONGEST_IDLE_IN_TRANSACTION_MS,
  keepAlive: true,
  ...(session && { options: flags(session) }),
});

/** Queries on Postgres. Connects when it is first asked; whoever makes it destroys it. */
export const database = (url: string, options: DatabaseOptions): Knex =>
  knex({
    client: 'pg',
    connection: settings(url, options),
    pool: { min: 0, max: options.connections, idleTimeoutMillis: LONGEST_IDLE_MS },
    acquireConnectionTimeout: LONGEST_ACQUIRE_MS,
    // It would print what it throws as well, past the log and what that leaves out.
    log: { warn: () => undefined },
  });

/** Connections by themselves, for a queue and for what has to stay on one. */
export const connectionPool = (
  url: string,
  options: DatabaseOptions,
  onTrouble: (error: unknown) => void,
): pg.Pool => {
  const pool = new pg.Pool({
    ...settings(url, options),
    max: options.connections,
    idleTimeoutMillis: LONGEST_IDLE_MS,
  });
  // An idle connection that breaks is replaced; unheard, its error would end the process.
  return pool.on('error', onTrouble);
};
