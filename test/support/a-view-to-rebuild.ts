import type { EventStore } from '#shared/kernel/event-store.ts';
import { positionOf, projectionTable, type ProjectionRow } from '#shared/platform/checkpoint.ts';
import { rebuild, type RebuildOptions } from '../../projections/rebuild.ts';
import { prepareView, viewFollower } from '../../projections/view-follower.ts';
import type { AnyView } from '../../projections/view.ts';
import { aDatabase } from './a-database.ts';
import { thingView, type ThingRow } from './a-thing-view.ts';
import { checkpoints, following } from './following.ts';
import { found } from './found.ts';
import { silent } from './silent.ts';

/** A database with the view of things in it, empty before each spec; and what can be done to it. */
export const aViewToRebuild = () => {
  const database = aDatabase(checkpoints);
  beforeEach(async () => {
    await database().raw('truncate projection, rebuild');
    await prepareView(database(), thingView);
  });

  /** The view has got to the end of the log. */
  const arrived = async (store: EventStore): Promise<void> => {
    const end = await store.end();
    await found(
      () => positionOf(database(), thingView.name),
      (position) => position >= end,
    );
  };
  return {
    database,
    databaseUrl: database.url,
    arrived,
    live: () => database()<ThingRow>(thingView.table),
    /** Follows the log to its end, and stops. */
    kept: async (store: EventStore): Promise<void> => {
      const stop = following({ eventStore: store, db: database() }, viewFollower(thingView));
      await arrived(store);
      await stop();
    },
    rebuilt: (store: EventStore, options: RebuildOptions = {}, view: AnyView = thingView) =>
      rebuild({ eventStore: store, db: database(), log: silent }, view, options),
    listed: (): Promise<ProjectionRow | undefined> =>
      database()<ProjectionRow>(projectionTable).where({ name: thingView.name }).first(),
    leftovers: () => database().schema.withSchema('shadow').hasTable(thingView.table),
    indexes: async (): Promise<readonly string[]> => {
      const names: unknown = await database()('pg_indexes')
        .where({ schemaname: 'public', tablename: thingView.table })
        .orderBy('indexname')
        .pluck('indexdef');
      return names as string[];
    },
  };
};
