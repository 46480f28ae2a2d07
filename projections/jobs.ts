import type { Knex } from 'knex';

/** More than any effect is tried: whether it is tried again is decided here, not by the queue. */
const NOT_UP_TO_THE_QUEUE = 32_767;

export type JobOf = {
  /** The intent that it carries out. */
  readonly id: string;
  readonly kind: string;
  /** At once without it. */
  readonly next_attempt_at: Date | null;
};

/**
 * One job for each intent, in place of the one it may have. A job that is being worked on may put
 * another in its own place: the queue lets it come to its end, and forgets it.
 */
export const addJobs = async (tx: Knex, jobs: readonly JobOf[]): Promise<void> => {
  if (jobs.length === 0) return;
  await tx.raw(
    `select count(*)
       from graphile_worker.add_jobs(array(
         select row(kind, json_build_object('intentId', id), null, next_attempt_at,
                    ${NOT_UP_TO_THE_QUEUE}, id::text, null, array[kind])
                ::graphile_worker.job_spec
           from json_to_recordset(?::json) as job(id uuid, kind text, next_attempt_at timestamptz)))`,
    [JSON.stringify(jobs)],
  );
};
