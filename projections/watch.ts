import type { Knex } from 'knex';
import { intentTable, type IntentStatus } from '#shared/effect/intent.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { Log } from '#shared/platform/log.ts';
import { forgetLogHeads, noteLogHead } from '#shared/platform/log-head.ts';
import type { Metrics } from '#shared/platform/metrics.ts';
import { projectionStatus } from '#shared/platform/projection-status.ts';
import { regularly } from '#shared/platform/regularly.ts';

const NOTE_MS = 1_000;
const SHOW_MS = 5_000;
const FORGET_MS = 600_000;

type Watched = {
  readonly db: Knex;
  readonly eventStore: Pick<EventStore, 'end'>;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'showLag' | 'showRebuilds' | 'showEffects'>;
};

/** What is still to be done, by kind. What is done is kept for good and would take long to count. */
const openEffects = async (db: Knex) => {
  const { rows } = await db.raw<{
    readonly rows: readonly { effect: string; status: IntentStatus; count: number }[];
  }>(
    `select kind as effect, status, count(*)::int as count
       from ?? where status <> 'DONE' group by kind, status`,
    [intentTable],
  );
  return rows;
};

export const showStanding = async ({ db, metrics }: Omit<Watched, 'log'>): Promise<void> => {
  const all = await projectionStatus(db);
  for (const { name, kind, lag, status } of all)
    metrics.showLag(name, kind, { ...lag, parked: status === 'PARKED' });
  metrics.showRebuilds(all.flatMap(({ name, rebuild }) => (rebuild ? [{ name, rebuild }] : [])));
  metrics.showEffects(await openEffects(db));
};

/** Notes where the log ends, for whoever asks how far behind a view is, and shows how all stands. */
export const watch = async (watched: Watched, signal: AbortSignal): Promise<void> => {
  const { db, eventStore, log } = watched;
  const until = { log, signal };
  const note = async () => noteLogHead(db, await eventStore.end());
  await Promise.all([
    regularly('noting where the log ends', NOTE_MS, note, until),
    regularly('showing how far all has got', SHOW_MS, () => showStanding(watched), until),
    regularly('forgetting where the log ended', FORGET_MS, () => forgetLogHeads(db), until),
  ]);
};
