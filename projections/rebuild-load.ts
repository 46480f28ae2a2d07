import { BEGINNING, type Recorded } from '#shared/kernel/event-store.ts';
import type { Following } from './follower.ts';
import type { progressOf } from './rebuild-progress.ts';
import { shadowRows, type Harvest, type ShadowRows } from './rebuild-rows.ts';
import { advance } from './rebuild-state.ts';
import type { AnyView } from './view.ts';

/** While nobody looks at the table, transactions may be larger. */
const LARGEST_BATCH = 20_000;
/** After so many pages, how far one has got is put on record though little of it was the view's. */
const MOST_PAGES = 200;

/** A rebuild under way. */
export type Work = Following & {
  readonly view: AnyView;
  readonly owner: string;
  readonly signal: AbortSignal;
  readonly progress: ReturnType<typeof progressOf>;
};

export const upToThere = (events: readonly Recorded[], upTo: bigint): readonly Recorded[] =>
  events.filter(({ position }) => position <= upTo);

/** Rows and position in one transaction. A crash of the server may undo it: it is done over. */
const store = async (work: Work, { events, write, written }: Harvest, to: bigint) => {
  const { db, progress } = work;
  await db.transaction(async (tx) => {
    await tx.raw('set local synchronous_commit = off');
    await advance(tx, work, { from: progress.position(), to, events });
    await write(tx);
  });
  written();
  progress.moveTo(to, events);
};

/** One harvest is written while the next one grows; no more than that is ever under way. */
const storing = (work: Work, rows: ShadowRows) => {
  let underWay: Promise<void> = Promise.resolve();
  return {
    begin: async (to: bigint): Promise<void> => {
      await underWay;
      const harvest = await rows.harvest();
      underWay = store(work, harvest, to);
      // Whoever waits for it next hears how it came out.
      underWay.catch(() => undefined);
    },
    end: () => underWay,
  };
};

/** Folds from where the shadow is up to a position, and gives the last one that was seen. */
const fold = async (
  { eventStore, view, signal, progress }: Work,
  rows: ShadowRows,
  upTo: bigint,
  begin: (to: bigint) => Promise<void>,
): Promise<bigint> => {
  let at = progress.position();
  let pages = 0;
  for await (const page of eventStore.pages(view.events, at)) {
    signal.throwIfAborted();
    const isLast = page.upTo >= upTo;
    await rows.fold(isLast ? upToThere(page.events, upTo) : page.events);
    at = isLast ? upTo : page.upTo;
    if (isLast) break;
    pages += 1;
    if (rows.waiting() < LARGEST_BATCH && pages < MOST_PAGES) continue;
    await begin(at);
    pages = 0;
  }
  return at;
};

/** Folds the log into the shadow, from where that is up to a position. */
export const load = async (work: Work, upTo: bigint): Promise<void> => {
  const { db, eventStore, view, signal, progress } = work;
  progress.aimAt(upTo);
  if (progress.position() >= upTo) return;

  const rows = await shadowRows(db, view, { isEmpty: progress.position() === BEGINNING });
  const { begin, end } = storing(work, rows);
  try {
    const at = await fold(work, rows, upTo, begin);
    signal.throwIfAborted();
    if (at < upTo && (await eventStore.end()) < upTo)
      throw new Error(
        `The log ends before position ${upTo}, which view ${view.name} has reached already: ` +
          'was it restored from an older copy than the database?',
      );
    await begin(upTo);
  } finally {
    // Nothing is written any more when this is over, however it came out.
    await end().catch(() => undefined);
  }
  await end();
};
