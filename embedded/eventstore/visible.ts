import type { Log } from './log.ts';
import { isMetastream, originalOf } from './names.ts';
import { createdAt } from './record.ts';
import { firstVisible, isSoftDeleted, type Retention } from './retention.ts';
import type { Head } from './stores.ts';

/** Of a metastream only the last event counts, whatever it says. */
const ONLY_THE_LAST: Retention = { maxCount: 1 };

/** What readers see of a stream. */
export type Visible = {
  readonly number: number;
  readonly first: number;
  readonly last: number;
  readonly isFresh: (record: Buffer) => boolean;
};

const retentionOf = (stream: string, head: Head): Retention | undefined =>
  isMetastream(stream) ? ONLY_THE_LAST : head.retention;

export const isTombstoned = (log: Log, stream: string): boolean =>
  Boolean(log.head(stream)?.tombstoned) ||
  (isMetastream(stream) && Boolean(log.head(originalOf(stream))?.tombstoned));

/** Nothing when there is no such stream, or it has been deleted softly. */
export const visible = (log: Log, stream: string, now: number): Visible | undefined => {
  const head = log.head(stream);
  if (!head || head.last < 0) return undefined;
  const retention = retentionOf(stream, head);
  if (isSoftDeleted(retention)) return undefined;

  const oldest = now - (retention?.maxAgeMs ?? Infinity);
  return {
    number: head.number,
    first: firstVisible(retention, head.last),
    last: head.last,
    isFresh: (record) => createdAt(record) >= oldest,
  };
};
