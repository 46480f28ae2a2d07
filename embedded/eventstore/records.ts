import type { Log } from './log.ts';
import type { Direction } from './log-reading.ts';
import { positionOf, revisionOf } from './record.ts';
import type { From } from './read-request.ts';
import { badRequest } from './refusal.ts';
import type { Visible } from './visible.ts';

/** A stretch that stays as it was when the read of it began. */
type Span = {
  readonly first: number;
  readonly last: number;
  readonly placeOf: (record: Buffer) => number;
  readonly page: (from: number, direction: Direction) => readonly Buffer[];
};

const walk = function* (span: Span, start: number, direction: Direction): Generator<Buffer> {
  const isInside = (place: number) => place >= span.first && place <= span.last;
  const step = direction === 'forwards' ? 1 : -1;
  let next = start;
  while (isInside(next)) {
    const page = span.page(next, direction);
    if (page.length === 0) return;
    for (const record of page) {
      const place = span.placeOf(record);
      if (!isInside(place)) return;
      yield record;
      next = place + step;
    }
  }
};

/**
 * Everything in the log: forwards from an event on, backwards from before it.
 * @throws {Refused} when the log ends before `from`.
 */
export const allRecords = (log: Log, from: From, direction: Direction): Iterable<Buffer> => {
  const end = log.end();
  if (typeof from === 'number' && from > end)
    throw badRequest('Trying to read from an invalid position.');
  const position = from === 'start' ? 0 : from === 'end' ? end : from;
  const span = { first: 0, last: log.last(), placeOf: positionOf, page: log.page };
  const start = direction === 'forwards' ? position : Math.min(position - 1, span.last);
  return walk(span, start, direction);
};

/** What is to be seen of a stream, from a revision on. */
export const streamRecords = function* (
  log: Log,
  { number, first, last, isFresh }: Visible,
  from: From,
  direction: Direction,
): Generator<Buffer> {
  const page: Span['page'] = (next, way) => log.streamPage(number, next, way);
  const revision = from === 'start' ? 0 : from === 'end' ? last + 1 : from;
  const start = direction === 'forwards' ? Math.max(revision, first) : Math.min(revision, last);
  for (const record of walk({ first, last, placeOf: revisionOf, page }, start, direction))
    if (isFresh(record)) yield record;
};
