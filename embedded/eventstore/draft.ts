import { randomUUID } from 'node:crypto';
import { NO_EVENTS, type StreamState } from './expected-revision.ts';
import type { Changes, Log } from './log.ts';
import { isMetastream, METADATA_TYPE, metastreamOf, originalOf } from './names.ts';
import { overlayOn, type Overlay, type Written } from './overlay.ts';
import { dataOf, TOMBSTONE_REVISION, type Proposed } from './record.ts';
import { isSoftDeleted, retentionFrom, withTruncation } from './retention.ts';
import { uuidText } from './uuid.ts';

export const JSON_CONTENT = 'application/json';
const TOMBSTONE_TYPE = '$streamDeleted';

/**
 * The log as it will be once a transaction is committed: what is in it, and on top of that what
 * the appends of one group add, each decided on what the ones before it have done.
 */
export type Draft = {
  readonly state: (stream: string) => StreamState;
  readonly place: (stream: string, revision: number) => Written;
  readonly append: (stream: string, events: readonly Proposed[]) => Written;
  readonly softDelete: (stream: string) => Written;
  readonly tombstone: (stream: string) => Written;
  readonly changes: () => Changes;
};

const systemEvent = (type: string, data: string): Proposed => ({
  id: randomUUID(),
  type,
  contentType: JSON_CONTENT,
  metadata: Buffer.alloc(0),
  data: Buffer.from(data),
});

const stateOf = (view: Overlay, stream: string): StreamState => {
  const head = view.head(stream);
  const original = isMetastream(stream) ? view.head(originalOf(stream)) : undefined;
  const number = head?.number;
  return {
    last: head?.last ?? NO_EVENTS,
    tombstoned: Boolean(head?.tombstoned) || Boolean(original?.tombstoned),
    softDeleted: isSoftDeleted(head?.retention),
    hasMetadata: head?.retention !== undefined,
    revisionOf: (id) => (number === undefined ? undefined : view.revisionOf(number, id)),
    idAt: (revision) => {
      const entry = number === undefined ? undefined : view.entry(number, revision);
      return entry && uuidText(entry.id);
    },
  };
};

export const draftOn = (log: Log, now: number): Draft => {
  const view = overlayOn(log, now);

  const append = (stream: string, events: readonly Proposed[]): Written => {
    const head = view.headToWrite(stream);
    let written: Written = { revision: head.last, position: 0 };
    for (const event of events)
      written = view.add(stream, head.number, written.revision + 1, event);
    view.setHead(stream, { ...head, last: written.revision });
    return written;
  };

  /** Metadata is an event like any other; the head of the stream it is about keeps its meaning. */
  const describe = (stream: string, events: readonly Proposed[]): Written => {
    const written = append(metastreamOf(stream), events);
    const last = events.at(-1);
    const retention = last?.contentType === JSON_CONTENT ? retentionFrom(last.data) : {};
    view.setHead(stream, { ...view.headToWrite(stream), retention });
    return written;
  };

  /** What was deleted softly begins anew: the events from before stay out of sight. */
  const revive = (stream: string, from: number): void => {
    const metastream = view.head(metastreamOf(stream));
    const entry = metastream && view.entry(metastream.number, metastream.last);
    const record = entry && view.record(entry.position);
    const stated = record ? dataOf(record) : Buffer.alloc(0);
    describe(stream, [systemEvent(METADATA_TYPE, withTruncation(stated, from))]);
  };

  return {
    state: (stream) => stateOf(view, stream),
    place: (stream, revision) => {
      const head = view.head(stream);
      const entry = head && view.entry(head.number, revision);
      if (!entry) throw new Error(`${stream} has no revision ${revision}`);
      return { revision, position: entry.position };
    },
    append: (stream, events) => {
      const about = isMetastream(stream) ? originalOf(stream) : stream;
      const before = view.head(about);
      const written = isMetastream(stream) ? describe(about, events) : append(stream, events);
      if (isSoftDeleted(before?.retention)) revive(about, (before?.last ?? NO_EVENTS) + 1);
      return written;
    },
    softDelete: (stream) =>
      describe(stream, [systemEvent(METADATA_TYPE, withTruncation(Buffer.alloc(0), 'all'))]),
    tombstone: (stream) => {
      const head = view.headToWrite(stream);
      const event = systemEvent(TOMBSTONE_TYPE, '{}');
      view.setHead(stream, { ...head, tombstoned: true });
      return view.add(stream, head.number, TOMBSTONE_REVISION, event);
    },
    changes: view.changes,
  };
};
