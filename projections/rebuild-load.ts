import type { Recorded } from '#shared/kernel/event-store.ts';
import { batched } from './batches.ts';
import type { Following } from './follower.ts';
import type { progressOf } from './rebuild-progress.ts';
import { advance } from './rebuild-state.ts';
import { apply, type AnyView, type Rows } from './view.ts';

/** While nobody looks at the table, transactions may be larger. */
const LARGEST_BATCH = 20_000;
/** Rows kept in memory, so that they need not be read again. */
const MOST_KNOWN = 50_000;

/** A rebuild under way. */
export type Work = Following & {
  readonly view: AnyView;
  readonly owner: string;
  readonly signal: AbortSignal;
  readonly known: Rows;
  readonly progress: ReturnType<typeof progressOf>;
};

export const upToThere = (events: readonly Recorded[], upTo: bigint): readonly Recorded[] =>
  events.filter(({ position }) => position <= upTo);

/** Rows and position in one transaction. A crash of the server may undo it: it is done over. */
const loadOne = async (work: Work, events: readonly Recorded[], to: bigint): Promise<void> => {
  const { db, view, known, progress } = work;
  const move = { from: progress.position(), to, events: events.length };
  await db.transaction(async (tx) => {
    await tx.raw('set local synchronous_commit = off');
    await advance(tx, work, move);
    await apply(tx, view, events, { place: 'shadow', known });
  });
  if (known.size > MOST_KNOWN) known.clear();
  progress.moveTo(to, events.length);
};

/** Folds the log into the shadow, from where that is up to a position. */
export const load = async (work: Work, upTo: bigint): Promise<void> => {
  const { eventStore, view, signal, progress } = work;
  progress.aimAt(upTo);
  if (progress.position() >= upTo) return;

  const pages = () => eventStore.pages(view.events, progress.position());
  for await (const batch of batched(pages, signal, { largestBatch: LARGEST_BATCH })) {
    signal.throwIfAborted();
    const to = batch.upTo < upTo ? batch.upTo : upTo;
    await loadOne(work, upToThere(batch.events, upTo), to);
    if (to === upTo) return;
  }
  signal.throwIfAborted();
  if ((await eventStore.end()) < upTo)
    throw new Error(
      `The log ends before position ${upTo}, which view ${view.name} has reached already: ` +
        'was it restored from an older copy than the database?',
    );
  await loadOne(work, [], upTo);
};
