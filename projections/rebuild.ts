import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Recorded } from '#shared/kernel/event-store.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { batched } from './batches.ts';
import { compare, type Comparison } from './compare.ts';
import type { Following } from './follower.ts';
import { leaseOf } from './lease.ts';
import { progressOf, type Progress } from './rebuild-progress.ts';
import { dropShadow, emptyShadow, holdStill, isThere, putInPlace } from './shadow.ts';
import { apply, type Rows, type AnyView } from './view.ts';

/** While nobody looks at the table, transactions may be larger. */
const LARGEST_BATCH = 20_000;
/** Rows kept in memory, so that they need not be read again. */
const MOST_KNOWN = 50_000;
const MAX_SWITCHES = 50;
const BETWEEN_SWITCHES_MS = 100;
/** Readers that come meanwhile wait behind us, so we do not wait long for those before us. */
const LOCK_TIMEOUT_MS = 300;

export type Rebuilt = {
  readonly view: string;
  /** Where in the log the new table stands. */
  readonly position: bigint;
  /** Events that were folded. */
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

type Work = Following & {
  readonly view: AnyView;
  readonly signal: AbortSignal;
  readonly known: Rows;
  readonly progress: ReturnType<typeof progressOf>;
};

const upToThere = (events: readonly Recorded[], upTo: bigint): readonly Recorded[] =>
  events.filter(({ position }) => position <= upTo);

/** Folds the log into the shadow, from where that is up to a position. */
const load = async (work: Work, upTo: bigint): Promise<void> => {
  const { db, eventStore, view, signal, known, progress } = work;
  progress.aimAt(upTo);
  if (progress.position() >= upTo) return;

  const pages = () => eventStore.pages(view.events, progress.position());
  for await (const batch of batched(pages, signal, { largestBatch: LARGEST_BATCH })) {
    signal.throwIfAborted();
    const events = upToThere(batch.events, upTo);
    await db.transaction(async (tx) => {
      await tx.raw('set local synchronous_commit = off');
      await apply(tx, view, events, { place: 'shadow', known });
    });
    if (known.size > MOST_KNOWN) known.clear();
    progress.moveTo(batch.upTo < upTo ? batch.upTo : upTo, events.length);
    if (batch.upTo >= upTo) return;
  }
  signal.throwIfAborted();
  if ((await eventStore.end()) < upTo)
    throw new Error(
      `The log ends before position ${upTo}, which view ${view.name} has reached already: ` +
        'was it restored from an older copy than the database?',
    );
  progress.moveTo(upTo, 0);
};

/** A large table takes as long as it takes: limits are for what callers wait for. */
const patient = (tx: Knex) =>
  tx.raw('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');

/** The live view goes on meanwhile: it is looked at as it was at one moment, with its position. */
const compared = async (work: Work): Promise<Comparison | undefined> => {
  const { db, view, progress } = work;
  if (!(await isThere(db, view))) return undefined;
  return db.transaction(
    async (live) => {
      await patient(live);
      await load(work, await positionOf(live, view.name));
      progress.enter('comparing');
      return db.transaction(async (shadow) => {
        await patient(shadow);
        return compare(view, live, shadow);
      });
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
};

/** The live view was faster, or somebody held on to its table: trying again is all it takes. */
class NotNow extends Error {
  override readonly name = 'NotNow';
}

const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '55P03';

/** What is still to be folded, read before the view is held still. */
const readAhead = async ({ eventStore, view, progress }: Work) => {
  const events: Recorded[] = [];
  let upTo = progress.position();
  for await (const page of eventStore.pages(view.events, upTo)) {
    events.push(...page.events);
    upTo = page.upTo;
  }
  return { events, upTo };
};

const switchOnce = async (work: Work): Promise<bigint> => {
  const { db, view } = work;
  await load(work, await positionOf(db, view.name));
  const ahead = await readAhead(work);
  return db.transaction(async (tx) => {
    await tx.raw(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    const position = await holdStill(tx, view);
    if (position > ahead.upTo) throw new NotNow();
    await apply(tx, view, upToThere(ahead.events, position), { place: 'shadow' });
    await putInPlace(tx, view);
    return position;
  });
};

const switchOver = async (work: Work): Promise<bigint> => {
  for (let attempt = 1; ; attempt++)
    try {
      return await switchOnce(work);
    } catch (error) {
      const passing = error instanceof NotNow || isLockTimeout(error);
      if (!passing || attempt === MAX_SWITCHES) throw error;
      await pause(BETWEEN_SWITCHES_MS, undefined, { signal: work.signal });
    }
};

const replayed = async (work: Work, comparing: boolean): Promise<Comparison | undefined> => {
  const { db, view, progress } = work;
  const makeIndexes = await emptyShadow(db, view);
  progress.enter('replaying');
  // What happened during the first and longest part is loaded before the indexes are made, too.
  for (let turn = 0; turn < 2; turn++) await load(work, await positionOf(db, view.name));
  progress.enter('indexing');
  await makeIndexes();
  return comparing ? compared(work) : undefined;
};

/**
 * Folds the whole log into a shadow of a view's table while the table goes on serving, holds the
 * two against each other at the same position, and puts the shadow in its place in one short
 * transaction. Nothing but the view hears of it: what reacts to events has positions of its own.
 * @throws {AlreadyRebuilding | NoSuchView | Unfoldable | UnknownEvent}
 */
export const rebuild = async (
  following: Following,
  view: AnyView,
  { signal, comparing = true, compareOnly = false, onProgress }: RebuildOptions = {},
): Promise<Rebuilt> => {
  const progress = progressOf(onProgress ?? (() => undefined));
  const lease = await leaseOf(following.db, view.name, progress.now);
  const either = signal ? AbortSignal.any([signal, lease.lost]) : lease.lost;
  const work: Work = { ...following, view, signal: either, known: new Map(), progress };
  try {
    const comparison = await replayed(work, comparing || compareOnly);
    if (!compareOnly) progress.enter('switching');
    const position = compareOnly ? progress.position() : await switchOver(work);
    if (compareOnly) await dropShadow(following.db, view);
    const processed = progress.processed();
    const seconds = progress.seconds();
    return { view: view.name, position, processed, seconds, comparison, switched: !compareOnly };
  } finally {
    await lease.end();
  }
};
