import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Source } from '#shared/conciliation/categories.ts';
import { closedPeriodsIn } from '#shared/conciliation/closed-periods.ts';
import { conciliationEvents } from '#shared/conciliation/events.ts';
import type { Format } from '#shared/conciliation/reading.ts';
import { BadHeader } from '#shared/conciliation/records.ts';
import type { ConciliationRow } from '#shared/conciliation/view.ts';
import type { ConciliationId } from '#shared/ids.ts';
import { statementsIn } from '../adapters/postgres/conciliation/statements.ts';
import { connectionPool } from '../adapters/postgres/database.ts';
import { receivingStatements } from '../command-api/conciliation/receiving.ts';
import { takingHere } from '../command-api/conciliation/taking.ts';
import { conciliations } from '../projections/conciliation/conciliations-view.ts';
import { askedHere } from './asked-here.ts';
import { progressOf, type Progress } from './conciliate-progress.ts';
import { Failed } from './outcome.ts';
import type { System } from './system.ts';

const LOOK_EVERY_MS = 200;
const LONGEST_RUN_MS = 900_000;
/** A run that nobody takes up: the projections must be somewhere else, or nowhere. */
const HINT_AFTER_MS = 20_000;

export type Sending = {
  readonly source: Source;
  readonly from: string;
  readonly to: string;
  readonly path: string;
};

const formatOf = (path: string): Format =>
  /\.(ndjson|jsonl)$/i.test(path) ? 'application/x-ndjson' : 'text/csv';

const bytesOf = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failed(`The statement cannot be read: ${why}`);
  }
};

const counted = async function* (path: string, progress: Progress) {
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    progress.read(chunk.length);
    yield chunk;
  }
};

/** Puts it on record, as whoever is signed in on this machine, in an operator's role. */
const send = async (
  { eventStore, keys, hashKey, databaseUrl }: System,
  { source, from, to, path }: Sending,
  progress: Progress,
): Promise<ConciliationId> => {
  const pool = connectionPool(databaseUrl, { name: 'cli', connections: 2 }, () => undefined);
  try {
    const closedPeriods = closedPeriodsIn(eventStore);
    const take = takingHere(hashKey);
    const deps = { eventStore, take, keys, statements: statementsIn(pool), closedPeriods };
    const receive = receivingStatements(deps);
    const { by, asked } = askedHere();
    const { at } = asked.meta;
    const received = await receive({
      ...{ bytes: counted(path, progress), format: formatOf(path), source, from, to, by, at },
      asked: () => asked,
    });
    if (received.outcome === 'refused')
      throw new Failed(
        'A month of these days is closed: "lastro conciliate reopen" opens it again',
      );
    return received.id;
  } catch (error) {
    if (!(error instanceof BadHeader)) throw error;
    throw new Failed(`The statement cannot be read: ${error.message}`);
  } finally {
    await pool.end();
  }
};

/** As the view has it, read from the log: nobody has to wait for a view. */
export const conciliationIn = async (
  { eventStore }: Pick<System, 'eventStore'>,
  id: string,
): Promise<ConciliationRow | undefined> => {
  const { events } = await eventStore.read(`conciliation-${id}`, conciliationEvents);
  return events.reduce<ConciliationRow | undefined>(
    (row, event) => conciliations.evolve(row, event, id),
    undefined,
  );
};

const untilEnded = async (system: System, id: string): Promise<ConciliationRow> => {
  const began = performance.now();
  let isTold = false;
  for (;;) {
    const row = await conciliationIn(system, id);
    if (row && row.status !== 'RUNNING') return row;
    const waited = performance.now() - began;
    if (waited > LONGEST_RUN_MS)
      throw new Failed(`It is still running: see "lastro effects" and conciliation ${id}`);
    if (waited > HINT_AFTER_MS && !isTold) {
      isTold = true;
      process.stderr.write('still waiting: the projections run it, are they up?\n');
    }
    await pause(LOOK_EVERY_MS);
  }
};

/** Sends a statement, and waits until it has been set against the log. */
export const conciliated = async (system: System, sending: Sending): Promise<ConciliationRow> => {
  const progress = progressOf(await bytesOf(sending.path));
  try {
    const id = await send(system, sending, progress);
    progress.matching();
    return await untilEnded(system, id);
  } finally {
    progress.end();
  }
};
