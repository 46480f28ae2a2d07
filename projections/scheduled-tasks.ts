import { parseCronItems, type TaskList } from 'graphile-worker';
import type { Instant } from '#shared/kernel/message.ts';
import type { Scheduled } from './scheduled.ts';

/** A time that was missed while no process ran is not made up for: the next one does its work. */
export const cronItems = (scheduled: readonly Scheduled[] = []) =>
  parseCronItems(
    scheduled.map(({ name, cron }) => ({
      ...{ task: name, identifier: name, match: cron },
      options: { backfillPeriod: 0, jobKey: `scheduled:${name}`, jobKeyMode: 'preserve_run_at' },
    })),
  );

/** Each is told for when it was due. */
export const scheduledTasks = (scheduled: readonly Scheduled[] = []): TaskList =>
  Object.fromEntries(
    scheduled.map(({ name, run: carryOut }) => [
      name,
      (payload) => carryOut((payload as { readonly _cron: { readonly ts: Instant } })._cron.ts),
    ]),
  );
