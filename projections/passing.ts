import DataLoader from 'dataloader';
import type { Knex } from 'knex';
import { moveCheckpoints, type CheckpointMove } from '#shared/platform/checkpoint.ts';

/** So long each waits for others that pass over something at about the same time. */
const GATHER_MS = 20;
const AT_ONCE = 100;

/** False when somebody else has moved it, or holds it: one has to look for oneself. */
export type PassOver = (move: CheckpointMove) => Promise<boolean>;

/**
 * Moves positions over what is others', those of all who follow in one statement: most events
 * concern a few of them, and the others would have nothing else to write.
 */
export const passingTogether = (db: Knex): PassOver => {
  const moves = new DataLoader<CheckpointMove, boolean>((some) => moveCheckpoints(db, some), {
    cache: false,
    maxBatchSize: AT_ONCE,
    batchScheduleFn: (load) => void setTimeout(load, GATHER_MS),
  });
  return (move) => moves.load(move);
};
