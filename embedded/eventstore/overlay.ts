import { NO_EVENTS } from './expected-revision.ts';
import type { Changes, Log } from './log.ts';
import { encodeRecord, positionOf, type Proposed } from './record.ts';
import type { Entry, Head } from './stores.ts';
import { uuidBytes } from './uuid.ts';

/** Where the last of the events of an append came to lie. */
export type Written = { readonly revision: number; readonly position: number };

const placeOf = (stream: number, revision: number): string => `${stream} ${revision}`;
const idOf = (stream: number, id: Buffer): string => `${stream} ${id.toString('latin1')}`;

/** Most appends ask for nothing that came in the same transaction: it is listed for who does. */
const indexOf = (entries: Changes['entries']) => {
  const places = new Map<string, Entry>();
  const revisions = new Map<string, number>();
  let indexed = 0;
  return () => {
    for (const [[stream, revision], entry] of entries.slice(indexed)) {
      places.set(placeOf(stream, revision), entry);
      revisions.set(idOf(stream, entry.id), revision);
    }
    indexed = entries.length;
    return { places, revisions };
  };
};

/** What a transaction adds, found by the same questions as what the log has. */
export const overlayOn = (log: Log, now: number) => {
  /** Whatever was asked for, once: of a stream that is not there, too. */
  const known = new Map<string, Head | undefined>();
  const heads = new Map<string, Head>();
  const records: Buffer[] = [];
  const entries: Changes['entries'][number][] = [];
  let end = log.end();
  let nextStream = log.nextStream();

  const index = indexOf(entries);

  const head = (stream: string): Head | undefined => {
    const found = known.get(stream) ?? (known.has(stream) ? undefined : log.head(stream));
    known.set(stream, found);
    return found;
  };

  return {
    head,
    headToWrite: (stream: string): Head =>
      head(stream) ?? { number: nextStream++, last: NO_EVENTS, tombstoned: false },
    setHead: (stream: string, changed: Head): void => {
      known.set(stream, changed);
      heads.set(stream, changed);
    },
    entry: (stream: number, revision: number): Entry | undefined => {
      return index().places.get(placeOf(stream, revision)) ?? log.entry(stream, revision);
    },
    revisionOf: (stream: number, id: string): number | undefined => {
      const bytes = uuidBytes(id);
      return index().revisions.get(idOf(stream, bytes)) ?? log.revisionOf(stream, bytes);
    },
    record: (position: number): Buffer | undefined =>
      records.find((record) => positionOf(record) === position) ?? log.record(position),
    add: (stream: string, number: number, revision: number, event: Proposed): Written => {
      const position = end;
      const record = encodeRecord(event, { stream, revision, position, created: now });
      end += record.length;
      records.push(record);
      entries.push([[number, revision], { position, id: uuidBytes(event.id) }]);
      return { revision, position };
    },
    changes: (): Changes => ({ records, entries, heads, nextStream }),
  };
};

export type Overlay = ReturnType<typeof overlayOn>;
