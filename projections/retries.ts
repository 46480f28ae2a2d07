import type { Knex } from 'knex';
import { effectEvents, type EffectEvent } from '#shared/effect/events.ts';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import { addJobs } from './jobs.ts';
import { reacting } from './reaction-follower.ts';

/** The round in the event tells whether this very request has been seen to before. */
const tryAfresh = async (tx: Knex, { type, data }: EffectEvent): Promise<void> => {
  if (type !== 'EffectRetryRequested') return;
  const rows = await tx<IntentRow>(intentTable)
    .where({ id: data.effectId })
    .andWhere('round', '<', data.round)
    .update({
      status: 'WAITING',
      round: data.round,
      attempts: 0,
      gave_up_at: null,
      next_attempt_at: tx.fn.now() as unknown as Date,
    })
    .returning(['id', 'kind', 'next_attempt_at']);
  await addJobs(tx, rows);
};

/** Whenever an operator asks for it, an effect that was given up has all its attempts again. */
export const retries = reacting(
  { name: 'try-parked-effects-afresh', events: effectEvents },
  async (tx, events) => {
    for (const event of events as readonly EffectEvent[]) await tryAfresh(tx, event);
  },
);
