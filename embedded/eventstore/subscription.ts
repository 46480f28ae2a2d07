import { randomUUID } from 'node:crypto';
import { caughtUp, checkpoint, confirmation, type Answer } from './answers.ts';
import { isInternal, type Filter } from './filter.ts';
import type { Outgoing } from './outgoing.ts';
import type { From } from './read-request.ts';
import { positionOf, revisionOf, TOMBSTONE_REVISION } from './record.ts';
import { Refused } from './refusal.ts';
import type { Store } from './store.ts';
import { isTombstoned, visible } from './visible.ts';

/**
 * A subscription reads on from the log, sends, and sleeps at its end until something is committed.
 * It keeps nothing but where it is, so that a slow subscriber costs nothing but time, its own.
 */
type Following = {
  readonly out: Outgoing;
  readonly answer: Answer;
  /** Where to begin: after the last that was seen. */
  readonly from: From;
};

const lastSeen = (from: From, last: number): number => {
  if (from === 'start') return -1;
  return from === 'end' ? last : from;
};

/** Where there must be something, nothing would be asked for again and again. */
const found = (page: readonly Buffer[]): readonly Buffer[] => {
  if (page.length === 0) throw new Error('The log ends before its last record');
  return page;
};

/** Sends whatever there is; resolves when there is no more for now. */
type CatchUp = () => Promise<void>;

const follow = async (
  { log }: Store,
  out: Outgoing,
  isAtEnd: () => boolean,
  catchUp: CatchUp,
  whenLive: () => Promise<void>,
): Promise<void> => {
  const stopListening = log.onCommit(out.rouse);
  try {
    await out.send(confirmation(randomUUID()));
    await catchUp();
    await whenLive();
    await out.send(caughtUp());
    while (!out.isOver()) {
      await out.sleepWhile(isAtEnd);
      await catchUp();
    }
  } finally {
    stopListening();
  }
};

export const followAll = (
  store: Store,
  { out, answer, from }: Following,
  filter: Filter | undefined,
): Promise<void> => {
  const { log } = store;
  const isWanted = (record: Buffer) => !isInternal(record) && (!filter || filter.matches(record));
  let seen = lastSeen(from, log.last());
  let considered = 0;

  const isAtEnd = () => seen >= log.last();
  const catchUp = async () => {
    while (!isAtEnd() && !out.isOver())
      for (const record of found(log.page(seen + 1, 'forwards'))) {
        if (out.isOver()) return;
        seen = positionOf(record);
        const full = isWanted(record) && out.send(answer(record));
        if (full) await full;
        if (filter && ++considered % filter.checkpointInterval === 0)
          await out.send(checkpoint(seen));
      }
  };
  const whenLive = async () => {
    if (filter && seen >= 0) await out.send(checkpoint(seen));
  };
  return follow(store, out, isAtEnd, catchUp, whenLive);
};

export const followStream = (
  store: Store,
  { out, answer, from }: Following,
  stream: string,
): Promise<void> => {
  const { log, now } = store;
  const deleted = new Refused({ reason: 'stream-deleted', stream });
  if (isTombstoned(log, stream)) throw deleted;
  const last = () => log.head(stream)?.last ?? -1;
  let seen = lastSeen(from, last());

  // Of a stream deleted softly nothing is to be seen, but for the tombstone that may follow.
  const next = () => Math.max(seen + 1, visible(log, stream, now())?.first ?? TOMBSTONE_REVISION);
  const isAtEnd = () => next() > last() && !isTombstoned(log, stream);
  const nextPage = () => {
    const head = seen < TOMBSTONE_REVISION && log.head(stream);
    const page = head ? log.streamPage(head.number, next(), 'forwards') : [];
    if (page.length === 0) throw deleted;
    return page;
  };
  const catchUp = async () => {
    while (!isAtEnd() && !out.isOver()) {
      const isFresh = visible(log, stream, now())?.isFresh;
      for (const record of nextPage()) {
        if (out.isOver()) return;
        seen = revisionOf(record);
        const full = isFresh?.(record) !== false && out.send(answer(record));
        if (full) await full;
      }
    }
  };
  return follow(store, out, isAtEnd, catchUp, () => Promise.resolve());
};
