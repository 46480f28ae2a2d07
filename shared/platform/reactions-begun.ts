import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { projectionTable, type ProjectionRow } from './checkpoint.ts';
import type { Log } from './log.ts';
import { persistently } from './persistently.ts';

/** Between two looks whether an installation that is new has begun. */
const LOOK_AGAIN_MS = 200;

/** They begin together, so that one stands for all. */
const haveBegun = async (db: Knex): Promise<boolean> => {
  const first = await db<ProjectionRow>(projectionTable).where({ kind: 'reaction' }).first('name');
  return first !== undefined;
};

/**
 * Resolves when reactions follow the log; to false when it is told to stop before. They begin at
 * the end that the log has when projections run for the first time: what was taken before that
 * would never be followed by anything, no e-mail, no grant.
 */
export const untilReactionsBegin = async (
  db: Knex,
  until: { readonly log: Log; readonly signal: AbortSignal },
): Promise<boolean> => {
  const look = () => persistently('seeing what has begun', () => haveBegun(db), until);
  while (!until.signal.aborted && !(await look())) await pause(LOOK_AGAIN_MS);
  return !until.signal.aborted;
};
