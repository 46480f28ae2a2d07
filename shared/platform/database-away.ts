/** SQLSTATE classes of a server that is going, gone or full; see PostgreSQL's appendix A. */
const SQL_STATES = /^(08|53|57P)/;
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND']);
const SAID = /Connection terminated|Client has encountered a connection error|timeout expired/;

/** Whether Postgres could not be reached, as opposed to having refused what we asked. */
export const databaseIsAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error.name === 'KnexTimeoutError' || SAID.test(error.message)) return true;
  if (error instanceof AggregateError) return error.errors.some(databaseIsAway);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return SQL_STATES.test(code) || SOCKET.has(code);
};

const UNDEFINED_TABLE = '42P01';

/** A view's table is made by the projections: until they have run for the first time it is missing. */
export const tableIsMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE;
