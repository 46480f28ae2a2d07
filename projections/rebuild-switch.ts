import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Recorded } from '#shared/kernel/event-store.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { load, upToThere, type Work } from './rebuild-load.ts';
import { advance, finish } from './rebuild-state.ts';
import { holdStill, putInPlace } from './shadow.ts';
import { apply } from './view.ts';

const MAX_SWITCHES = 50;
const BETWEEN_SWITCHES_MS = 100;
/** Readers that come meanwhile wait behind us, so we do not wait long for those before us. */
const LOCK_TIMEOUT_MS = 300;
/** Events that are kept in memory for it: the live view may be far behind the end of the log. */
const MOST_AHEAD = 10_000;

/** The live view was faster, or somebody held on to its table: trying again is all it takes. */
class NotNow extends Error {
  override readonly name = 'NotNow';
}

const isLockTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '55P03';

/** What is still to be folded, as far as the view may get meanwhile, read before it is held still. */
const readAhead = async ({ eventStore, view, progress }: Work) => {
  const events: Recorded[] = [];
  let upTo = progress.position();
  for await (const page of eventStore.pages(view.events, upTo)) {
    events.push(...page.events);
    upTo = page.upTo;
    if (events.length >= MOST_AHEAD) break;
  }
  return { events, upTo };
};

/** What is done while the live view is held still, with what the shadow lacks up to there. */
type Held<T> = (tx: Knex.Transaction, position: bigint, lacking: readonly Recorded[]) => Promise<T>;

const heldOnce = async <T>(work: Work, act: Held<T>): Promise<T> => {
  const { db, view, signal } = work;
  await load(work, await positionOf(db, view.name));
  const ahead = await readAhead(work);
  signal.throwIfAborted();
  return db.transaction(async (tx) => {
    await tx.raw(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    const position = await holdStill(tx, view);
    if (position > ahead.upTo) throw new NotNow();
    return act(tx, position, upToThere(ahead.events, position));
  });
};

/** Holds the live view still for a moment; tried again while somebody is in the way. */
const held = async <T>(work: Work, act: Held<T>): Promise<T> => {
  for (let attempt = 1; ; attempt++)
    try {
      return await heldOnce(work, act);
    } catch (error) {
      const passing = error instanceof NotNow || isLockTimeout(error);
      if (!passing || attempt === MAX_SWITCHES) throw error;
      await pause(BETWEEN_SWITCHES_MS, undefined, { signal: work.signal });
    }
};

/** All of it or nothing, in one short transaction. */
export const switchOver = (work: Work): Promise<bigint> =>
  held(work, async (tx, position, lacking) => {
    await finish(tx, work);
    await apply(tx, work.view, lacking, 'shadow');
    await putInPlace(tx, work.view);
    return position;
  });

/** Has somebody look at both tables when they are at the same position, which is but a moment. */
export const atOnePosition = (work: Work, look: () => Promise<void>): Promise<void> =>
  held(work, async (_tx, to, lacking) => {
    const { db, view, progress } = work;
    const from = progress.position();
    if (to > from)
      await db.transaction(async (tx) => {
        await advance(tx, work, { from, to, events: lacking.length });
        await apply(tx, view, lacking, 'shadow');
      });
    progress.moveTo(to, to > from ? lacking.length : 0);
    await look();
  });
