import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { StoredEvent, StoredLog, Stretch } from '#shared/kernel/stored-log.ts';
import { SEALS } from './events.ts';
import { doneAt, firstOf, lastOf, matching, type AuditQuery } from './query.ts';
import { isSeal, sealFrom } from './stored.ts';

/**
 * An event is on record after it was done, by the clock of whoever did it; and the clocks of our
 * processes are never further apart than this, nor does anything take longer to be recorded.
 */
const CLOCKS_APART_MS = 10 * 60_000;

/** What was found in a stretch that was looked through, and where to go on. */
export type Found = {
  readonly events: readonly StoredEvent[];
  /** A position in the log, or the revision in the one stream that is asked for. */
  readonly place: bigint;
  readonly read: number;
};

/** Where a query is answered from: the one stream that it is about, or all there is. */
const sourceIn = (log: StoredLog, { stream }: AuditQuery): StoredLog['page'] =>
  stream === undefined ? log.page : (after) => log.streamPage(stream, after);

/** Where an event stands in the answer to a query: what a cursor holds. */
export const placeIn = (query: AuditQuery, { position, revision }: StoredEvent): bigint =>
  query.stream === undefined ? position : revision;

/**
 * Seals are milestones: what one of them covers was on record when it was made. So whoever asks
 * for what was done since need not look through what an earlier seal covers.
 */
const startOf = async (log: StoredLog, { stream, from }: AuditQuery): Promise<bigint> => {
  if (stream !== undefined || from === undefined) return BEGINNING;
  const latest = firstOf(from) - CLOCKS_APART_MS;
  let before: bigint | undefined;
  for (;;) {
    const { events, upTo, more } = await log.streamBefore(SEALS, before);
    const milestone = events.find((event) => isSeal(event) && doneAt(event) < latest);
    if (milestone) return BigInt(sealFrom(milestone).to);
    if (!more) return BEGINNING;
    before = upTo;
  }
};

export type Looking = {
  /** Where an earlier answer ended; from the beginning without it. */
  readonly after?: bigint | undefined;
  /** The position after which nothing is looked at; to the log's present end without it. */
  readonly upTo?: bigint | undefined;
};

const later = (one: bigint, other = BEGINNING) => (other > one ? other : one);

/**
 * The events that a query asks for, oldest first, stretch by stretch, straight from the log. The
 * next stretch is on its way while the one before is dealt with. A stretch may hold none of them.
 */
export const search = async function* (
  log: StoredLog,
  query: AuditQuery,
  { after, upTo }: Looking = {},
): AsyncGenerator<Found> {
  const next = sourceIn(log, query);
  const fits = matching(query);
  const tooLate = query.to === undefined ? Infinity : lastOf(query.to) + CLOCKS_APART_MS;
  const isBeyond = (event: StoredEvent) =>
    (upTo !== undefined && event.position > upTo) || doneAt(event) > tooLate;

  const start = await startOf(log, query);
  let coming: Promise<Stretch> | undefined = next(later(start, after));
  while (coming) {
    const { events, upTo: place, more }: Stretch = await coming;
    const beyond = events.findIndex(isBeyond);
    const within = beyond < 0 ? events : events.slice(0, beyond);
    coming = more && beyond < 0 ? next(place) : undefined;
    // Whoever stops here does not hear of it; whoever goes on does, above.
    coming?.catch(() => undefined);
    yield { events: within.filter(fits), place, read: events.length };
  }
};
