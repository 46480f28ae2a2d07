import type { Knex } from 'knex';
import { activationsTable, activationsView } from '#shared/activation/view.ts';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import { positionsOf } from '#shared/platform/checkpoint.ts';
import type { WaitingIndex } from '#shared/privacy/ports.ts';
import { salesTable, salesView } from '#shared/sale/view.ts';
import { addJobs } from '../jobs.ts';

const VIEWS = [activationsView, salesView];

/** Of all that waits, and not of all that there ever was: that is by far the shorter list. */
const THEIRS = `status = 'WAITING' and gave_up_at is null and stream in (
  select stream from ?? as one join ?? as activation
      on one.stream = 'activation-' || activation.activation_id::text
   where one.status = 'WAITING' and activation.subject_id = ?
  union all
  select stream from ?? as one join ?? as sale on one.stream = 'sale-' || sale.sale_id::text
   where one.status = 'WAITING' and sale.subject_id = ?)`;

const UNDER_WAY = `select count(*)::int as many from ?? where held_by is not null and ${THEIRS}`;
const CALL = `update ?? set next_attempt_at = now() where held_by is null and ${THEIRS}
  returning id, kind, next_attempt_at`;

type Count = { readonly many: number };
type Called = Pick<IntentRow, 'id' | 'kind' | 'next_attempt_at'>;

/** The views say whom an intent is about; what becomes of it is decided by the log. */
export const waitingIndexIn = (db: Knex): WaitingIndex => ({
  hasReached: async (position) => {
    const positions = await positionsOf(db, VIEWS);
    return VIEWS.every((view) => (positions.get(view) ?? -1n) >= position);
  },
  callNow: (subjectId) =>
    db.transaction(async (tx) => {
      const bindings = [
        ...[intentTable, intentTable, activationsTable, subjectId],
        ...[intentTable, salesTable, subjectId],
      ];
      // Counted first: what is begun after this finds the person erased.
      const held = await tx.raw<{ readonly rows: readonly [Count] }>(UNDER_WAY, bindings);
      const { rows } = await tx.raw<{ readonly rows: readonly Called[] }>(CALL, bindings);
      await addJobs(tx, rows);
      return held.rows[0].many;
    }),
});
