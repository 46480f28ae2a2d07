import type { Knex } from 'knex';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { enlist, standingOf, type Standing } from '#shared/platform/checkpoint.ts';
import { Superseded, type Follower } from './follower.ts';
import { rebuild } from './rebuild.ts';
import { createTable } from './rows.ts';
import { apply, type AnyView } from './view.ts';

const enlisted = ({ name, version, table }: AnyView) =>
  ({ name, kind: 'view', version, keeps: table }) as const;

/** An empty table, at the beginning of the log, where there was none yet. */
export const prepareView = (db: Knex, view: AnyView): Promise<Standing> =>
  db.transaction(async (tx) => {
    const standing = await standingOf(tx, view.name);
    if (standing) return standing;
    // Processes that start together must not make it together.
    await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`view:${view.name}`]);
    const meanwhile = await standingOf(tx, view.name);
    if (meanwhile) return meanwhile;

    await tx.schema.withSchema('public').dropTableIfExists(view.table);
    await createTable(tx, view, 'public');
    await enlist(tx, enlisted(view), BEGINNING);
    return { position: BEGINNING, version: view.version, parked: false };
  });

/** A view that follows the log. Of another version than its table, it is made anew first. */
export const viewFollower = (view: AnyView): Follower => ({
  ...enlisted(view),
  events: view.events,
  redoable: true,
  prepare: async (following, signal) => {
    const { version, parked } = await prepareView(following.db, view);
    if (version > view.version)
      throw new Superseded(`View ${view.name} is at version ${version}, this is ${view.version}`);
    // What parked it would stop a rebuild just as well: it waits until somebody has seen to it.
    if (version < view.version && !parked)
      await rebuild(following, view, { signal, comparing: false });
  },
  apply: (tx, events) => apply(tx, view, events),
});
