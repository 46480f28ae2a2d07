import type { Knex } from 'knex';
import { intentTable, workerTable, type IntentRow, type WorkerRow } from '#shared/effect/intent.ts';
import type { Claims } from './claims.ts';
import { addJobs } from './jobs.ts';

/**
 * A worker that is killed leaves its jobs locked, and the queue would let them lie for four hours.
 * So each process puts its workers on a list, under a name that it claims for as long as it lives;
 * whoever can claim that name frees what its workers left.
 */
export const enroll = async (db: Knex, process: string, workerId: string): Promise<void> => {
  await db<WorkerRow>(workerTable).insert({ worker_id: workerId, process });
};

/** Jobs that had put another in their place, and were not deleted: nobody will come back to them. */
const REPLACED = `
  select graphile_worker.complete_jobs(array(
    select id from graphile_worker.jobs
     where key is null and locked_at is null and attempts >= max_attempts))`;

/** Frees the jobs of a process that is no more, and has what it was carrying out tried again. */
export const disband = (db: Knex, process: string): Promise<number> =>
  db.transaction(async (tx) => {
    const gone = await tx<WorkerRow>(workerTable)
      .where({ process })
      .delete()
      .returning('worker_id');
    const ids = gone.map(({ worker_id }) => worker_id);
    if (ids.length > 0) {
      await tx.raw('select graphile_worker.force_unlock_workers(?)', [ids]);
      await tx.raw(REPLACED);
    }
    // Whether its job is still there or not: another one may have come meanwhile, and gone.
    const held = await tx<IntentRow>(intentTable)
      .where({ held_by: process })
      .update({ held_by: null })
      .returning(['id', 'kind', 'next_attempt_at']);
    await addJobs(tx, held);
    return gone.length;
  });

const PROCESSES = `
  select process from effect_worker
  union
  select held_by from intent where held_by is not null`;

/** Looks for processes that are no more, but for `living`. How many workers they had. */
export const sweep = async (db: Knex, claims: Claims, living: string): Promise<number> => {
  const { rows } = await db.raw<{ readonly rows: readonly Pick<WorkerRow, 'process'>[] }>(
    PROCESSES,
  );
  let found = 0;
  for (const { process } of rows) {
    if (process === living || !(await claims.take(process))) continue;
    found += await disband(db, process);
    await claims.release(process);
  }
  return found;
};
