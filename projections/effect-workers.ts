import type { Knex } from 'knex';
import { workerTable, type WorkerRow } from '#shared/effect/intent.ts';
import type { Claims } from './claims.ts';

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

/** Frees the jobs of a process that is no more. */
export const disband = (db: Knex, process: string): Promise<number> =>
  db.transaction(async (tx) => {
    const gone = await tx<WorkerRow>(workerTable)
      .where({ process })
      .delete()
      .returning('worker_id');
    if (gone.length === 0) return 0;
    const ids = gone.map(({ worker_id }) => worker_id);
    await tx.raw('select graphile_worker.force_unlock_workers(?)', [ids]);
    await tx.raw(REPLACED);
    return gone.length;
  });

/** Looks for processes that are no more, but for `living`. How many workers they had. */
export const sweep = async (db: Knex, claims: Claims, living: string): Promise<number> => {
  const others = await db<WorkerRow>(workerTable)
    .whereNot({ process: living })
    .distinct<Pick<WorkerRow, 'process'>[]>('process');
  let found = 0;
  for (const { process } of others) {
    if (!(await claims.take(process))) continue;
    found += await disband(db, process);
    await claims.release(process);
  }
  return found;
};
