import type { Knex } from 'knex';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import { addJobs } from './jobs.ts';

/**
 * Counts an attempt before it begins, and says what is to be done: nothing, when it is done, when
 * somebody is at it, or when something that was intended before it in its sequence still waits.
 * Whoever ends that one is waited for, since they may have looked for our job before it was there to
 * be found; if they did find it, there are two jobs now, of which the first to get here holds it.
 */
const BEGIN = `
  with earlier as materialized (
    select one.id
      from intent one join intent this on one.sequence = this.sequence and one.ordinal < this.ordinal
     where this.id = :id and one.status = 'WAITING'
       for share of one)
  update intent
     set attempts = attempts + case when gave_up_at is null then 1 else 0 end,
         held_by = :holder
   where id = :id and status = 'WAITING' and held_by is null and not exists (select from earlier)
  returning *`;

export const begun = async (
  db: Knex,
  { id, holder }: { readonly id: string; readonly holder: string },
): Promise<IntentRow | undefined> => {
  const { rows } = await db.raw<{ readonly rows: readonly IntentRow[] }>(BEGIN, { id, holder });
  return rows[0];
};

/**
 * Gives a job to the first that waits in a sequence: its own came too early, and was let go. Part
 * of the transaction that ends the one before, so that no crash leaves it waiting for ever.
 */
export const callNext = async (tx: Knex, sequence: string): Promise<void> => {
  const rows = await tx<IntentRow>(intentTable)
    .where({ sequence, status: 'WAITING' })
    .orderBy('ordinal')
    .limit(1)
    .select('id', 'kind', 'next_attempt_at');
  await addJobs(tx, rows);
};
