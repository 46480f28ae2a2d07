import type { AuditQuery } from '#shared/audit/query.ts';
import { csvHead, csvRows, ndjsonRows } from '#shared/audit/csv.ts';
import { placeIn, search } from '#shared/audit/search.ts';
import { shownEvent } from '#shared/audit/stored.ts';
import type { StoredEvent, StoredLog } from '#shared/kernel/stored-log.ts';
import type { Answer } from '#shared/platform/http/route.ts';

/** What one page looks through at most; it then ends, however little it found, and is gone on with. */
export const MOST_LOOKED_THROUGH = 50_000;

export const CSV = 'text/csv';
export const NDJSON = 'application/x-ndjson';

export type PageOfEvents = {
  readonly events: readonly StoredEvent[];
  /** Where the next page begins; nothing at the end. */
  readonly next: bigint | undefined;
};

export type Paging = { readonly limit: number; readonly after: bigint | undefined };

/** The next events of an answer, `limit` at most, found in bounded time. */
export const pageOfEvents = async (
  log: StoredLog,
  query: AuditQuery,
  { limit, after }: Paging,
): Promise<PageOfEvents> => {
  // A server refuses what lies behind its end; a cursor of another log may.
  if (after !== undefined && after > (await log.end())) return { events: [], next: undefined };
  const events: StoredEvent[] = [];
  let read = 0;
  for await (const found of search(log, query, { after })) {
    events.push(...found.events);
    read += found.read;
    const last = events[limit - 1];
    if (last && events.length > limit)
      return { events: events.slice(0, limit), next: placeIn(query, last) };
    if (read >= MOST_LOOKED_THROUGH) return { events, next: found.place };
  }
  return { events, next: undefined };
};

const pieces = async function* (
  log: StoredLog,
  query: AuditQuery,
  type: string,
): AsyncGenerator<string> {
  // What is recorded from now on is not in it, or an answer might never end.
  const upTo = await log.end();
  if (type === CSV) yield csvHead;
  for await (const { events } of search(log, query, { upTo })) {
    const shown = events.map(shownEvent);
    if (shown.length > 0) yield type === CSV ? csvRows(shown) : ndjsonRows(shown);
  }
};

/** All that there is when it is asked for, as fast as it is taken. */
export const allEvents = (log: StoredLog, query: AuditQuery, type: string): Answer => ({
  status: 200,
  stream: { type, pieces: pieces(log, query, type) },
});
