import { runMigrations } from 'graphile-worker';
import type { Knex } from 'knex';
import {
  intentHolderSchema,
  intentOrderSchema,
  intentSchema,
  intentTable,
  type IntentRow,
} from '#shared/effect/intent.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { thingEvents } from '#shared/testing/a-thing.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import type { Effect } from '../../projections/effect.ts';
import { reactionFollower } from '../../projections/reaction-follower.ts';
import type { Reaction } from '../../projections/reaction.ts';
import { aDatabase, type ADatabase } from './a-database.ts';
import { things } from './a-log-of-things.ts';
import { carryOut } from './carrying-out.ts';
import { following } from './following.ts';
import { found } from './found.ts';

/** A database with the tables of reactions and effects, and the queue's; empty before each spec. */
export const anEffectDatabase = (): ADatabase => {
  const database = aDatabase(async (db) => {
    await checkpointSchema.up(db);
    await intentSchema.up(db);
    await intentOrderSchema.up(db);
    await intentHolderSchema.up(db);
  });
  before(async function () {
    this.timeout(60_000);
    await runMigrations({ connectionString: database.url() });
  });
  beforeEach(async () => {
    await database().raw('truncate projection, intent, effect_worker');
    await database().raw('delete from graphile_worker._private_jobs');
  });
  return database;
};

const running = new Set<() => Promise<void>>();

// Outside every describe: what a spec that failed has left running ends with it.
afterEach(async () => {
  await Promise.all([...running].map((stop) => stop()));
});

/** Carries intents out until it is told to stop. */
export const carryingOut = (
  url: string,
  eventStore: EventStore,
  ...effects: Effect[]
): (() => Promise<void>) => {
  const end = carryOut(url, eventStore, effects);
  const stop = async () => {
    running.delete(stop);
    await end();
  };
  running.add(stop);
  return stop;
};

export const intents = (db: Knex): Promise<IntentRow[]> =>
  db<IntentRow>(intentTable).orderBy('created_at').orderBy('id');

/** All intents, as soon as so many of them have got there. */
export const whenThey = (db: Knex, are: IntentRow['status'], count = 1): Promise<IntentRow[]> =>
  found(
    () => intents(db),
    (rows) => rows.filter(({ status }) => status === are).length === count,
  );

export const polishWhatIsMade: Reaction<(typeof thingEvents)['schemas']> = {
  name: 'polish-what-is-made',
  events: thingEvents,
  begin: 'beginning',
  on: {
    ThingMade: ({ stream, data }) => ({ kind: 'polish', stream, data: { thingId: data.thingId } }),
    ThingGiven: () => undefined,
    ThingBroken: () => undefined,
  },
};

/** As many things are made, and each is to be polished because of it. */
export const intended = async (db: Knex, eventStore: EventStore, count = 1): Promise<void> => {
  await things(eventStore, 0, count);
  const stop = following({ eventStore, db }, reactionFollower(polishWhatIsMade));
  await whenThey(db, 'WAITING', count);
  await stop();
};
