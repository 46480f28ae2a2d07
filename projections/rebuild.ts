import type { Knex } from 'knex';
import { UnknownEvent } from '#shared/kernel/event-store.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { saidBy } from '#shared/platform/log.ts';
import type { Comparison } from './compare.ts';
import { Stuck, type Following } from './follower.ts';
import { AlreadyRebuilding, leaseOf, type Lease } from './lease.ts';
import { compared } from './rebuild-compare.ts';
import { load, type Work } from './rebuild-load.ts';
import { progressOf, type Progress } from './rebuild-progress.ts';
import { askedOf, discard, index, takeUp } from './rebuild-state.ts';
import { switchOver } from './rebuild-switch.ts';
import type { AnyView } from './view.ts';

export type Rebuilt = {
  readonly view: string;
  /** Where in the log the new table stands. */
  readonly position: bigint;
  /** Events that were folded, by those who were killed or paused before, too. */
  readonly processed: number;
  readonly seconds: number;
  /** Nothing where there was no live table of this version to hold it against. */
  readonly comparison: Comparison | undefined;
  readonly switched: boolean;
};

export type RebuildOptions = {
  readonly signal?: AbortSignal;
  /** Whether to hold the live table against the new one; always so with `compareOnly`. */
  readonly comparing?: boolean;
  /** Only look at the difference: the live table stays. */
  readonly compareOnly?: boolean;
  readonly onProgress?: (progress: Progress) => void;
};

/** Somebody wanted it so. What is folded stays, and is gone on with. */
export class Paused extends Error {
  override readonly name = 'Paused';
  constructor(view: string) {
    super(
      `The rebuild of view ${view} is paused: go on with "lastro replay ${view} --resume", ` +
        `or give it up with "lastro replay ${view} --abort"`,
    );
  }
}

/** Somebody wanted it so. Nothing is left of it, and the live table is as it was. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
  constructor(view: string) {
    super(`The rebuild of view ${view} was aborted; the live table is as it was`);
  }
}

/** What a rebuild is for. */
type Aim = { readonly comparing: boolean; readonly compareOnly: boolean };

const replayed = async (
  work: Work,
  { comparing, compareOnly }: Aim,
): Promise<Comparison | undefined> => {
  const { db, view, owner, progress } = work;
  const begun = await takeUp(db, { view, owner });
  progress.goOnFrom(begun);
  if (begun.asked === 'PAUSE') throw new Paused(view.name);
  progress.enter('replaying');
  // What happened during the first and longest part is loaded before the indexes are made, too.
  for (let turn = 0; turn < 2; turn++) await load(work, await positionOf(db, view.name));
  const indexed = async () => {
    progress.enter('indexing');
    // What is only to be looked at is dropped again.
    if (begun.indexes && !compareOnly) await index(db, work, begun.indexes);
    work.signal.throwIfAborted();
  };
  if (comparing || compareOnly) return compared(work, { checksums: compareOnly, indexed });
  await indexed();
  return undefined;
};

/** What is left behind when it did not come to its end, and what everybody is shown of it. */
const putDown = async (work: Work, lease: Lease, error: unknown): Promise<void> => {
  const { processed } = work.progress.now();
  const standing = { processed, perSecond: 0, etaSeconds: null };
  if (error instanceof AlreadyRebuilding) return lease.end();
  if (error instanceof Aborted) {
    await discard(work.db, work);
    return lease.end();
  }
  // Whoever tries again does so with other code, which would have folded the rest otherwise too.
  if (error instanceof Stuck || error instanceof UnknownEvent) {
    await discard(work.db, work);
    return lease.end({ ...standing, phase: 'parked', error: saidBy(error) });
  }
  return lease.end({ ...standing, phase: error instanceof Paused ? 'paused' : 'interrupted' });
};

const wishOf = async (db: Knex, view: string): Promise<Error | undefined> => {
  const asked = await askedOf(db, view);
  if (asked === null) return undefined;
  return asked === 'PAUSE' ? new Paused(view) : new Aborted(view);
};

const carriedOut = async (work: Work, aim: Aim): Promise<Rebuilt> => {
  const { compareOnly } = aim;
  const { db, view, progress } = work;
  const comparison = await replayed(work, aim);
  if (!compareOnly) progress.enter('switching');
  const position = compareOnly ? progress.position() : await switchOver(work);
  if (compareOnly) await discard(db, work);
  const [processed, seconds] = [progress.processed(), progress.seconds()];
  return { view: view.name, position, processed, seconds, comparison, switched: !compareOnly };
};

/**
 * Folds the whole log into a shadow of a view's table while the table goes on serving, holds the
 * two against each other at the same position, and puts the shadow in its place in one short
 * transaction. Nothing but the view hears of it: what reacts to events has positions of its own.
 * Goes on where one that was killed, stopped or paused has got to.
 * @throws {Aborted | AlreadyRebuilding | NoSuchView | Paused | Unfoldable | UnknownEvent}
 */
export const rebuild = async (
  following: Following,
  view: AnyView,
  { signal, comparing = true, compareOnly = false, onProgress }: RebuildOptions = {},
): Promise<Rebuilt> => {
  const { db } = following;
  const progress = progressOf(onProgress ?? (() => undefined));
  const lease = await leaseOf(db, view.name, progress.now, () => wishOf(db, view.name));
  const either = signal ? AbortSignal.any([signal, lease.lost]) : lease.lost;
  const { owner } = lease;
  const work: Work = { ...following, view, owner, signal: either, progress };
  try {
    const done = await carriedOut(work, { comparing, compareOnly });
    await lease.end();
    return done;
  } catch (error) {
    const why: unknown = either.aborted ? either.reason : error;
    await putDown(work, lease, why);
    throw why;
  }
};

/** Gives up a rebuild that nobody is at. @throws {AlreadyRebuilding | NoSuchView} */
export const giveUp = async (db: Knex, view: AnyView): Promise<void> => {
  const lease = await leaseOf(db, view.name, progressOf(() => undefined).now);
  try {
    await takeUp(db, { view, owner: lease.owner });
    await discard(db, { view, owner: lease.owner });
  } finally {
    await lease.end();
  }
};
