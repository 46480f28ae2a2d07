import type { Knex } from 'knex';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { rebuildSchema } from '#shared/platform/rebuild-schema.ts';
import { follow, type Supervision } from '../../projections/follow.ts';
import type { Follower } from '../../projections/follower.ts';
import { passingTogether } from '../../projections/passing.ts';
import { silent } from './silent.ts';

/** Specs wait for nothing longer than they must. */
export const impatient = { first: 5, longest: 50, look: 20 };

const running = new Set<() => Promise<void>>();

// Outside every describe: what a spec that failed has left running ends with it.
afterEach(async () => {
  await Promise.all([...running].map((stop) => stop()));
});

/** Follows until it is told to stop; then everything has come to its end. */
export const following = (
  supervision: Omit<Supervision, 'log' | 'patience'>,
  ...followers: Follower[]
): (() => Promise<void>) => {
  const stopping = new AbortController();
  const passOver = passingTogether(supervision.db);
  const full = { ...supervision, log: silent, patience: impatient, passOver };
  const ended = Promise.all(followers.map((follower) => follow(full, follower, stopping.signal)));
  const stop = async () => {
    running.delete(stop);
    stopping.abort();
    await ended;
  };
  running.add(stop);
  return stop;
};

export const checkpoints = async (db: Knex): Promise<void> => {
  await checkpointSchema.up(db);
  await rebuildSchema.up(db);
};
