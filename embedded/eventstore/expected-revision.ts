/** What an append is conditional on: the revision a stream must be at, or a weaker demand. */
export type Expected = 'any' | 'no-stream' | 'stream-exists' | bigint;

/** The revision of a stream that has no events. */
export const NO_EVENTS = -1;

export type StreamState = {
  /** The revision of the last event, truncated or not; `NO_EVENTS` when there never was one. */
  readonly last: number;
  readonly tombstoned: boolean;
  readonly softDeleted: boolean;
  readonly hasMetadata: boolean;
  readonly revisionOf: (eventId: string) => number | undefined;
  readonly idAt: (revision: number) => string | undefined;
};

export type Verdict =
  | { readonly verdict: 'write' }
  /** All of it is in the stream already; `revision` is where it ends. */
  | { readonly verdict: 'repeat'; readonly revision: number }
  | { readonly verdict: 'wrong-revision' }
  | { readonly verdict: 'deleted' };

const write: Verdict = { verdict: 'write' };
const wrong: Verdict = { verdict: 'wrong-revision' };
const deleted: Verdict = { verdict: 'deleted' };

/** Without a revision to compare, the ids alone tell a repeat from a first time. */
const byId = (ids: readonly string[], stream: StreamState): Verdict => {
  const known = ids.map(stream.revisionOf);
  const [first] = known;
  if (first === undefined) return write;
  if (known.includes(undefined)) return wrong;
  return { verdict: 'repeat', revision: known.at(-1) ?? first };
};

/** The stream has moved on: it is a repeat if these very events are what it moved on by. */
const byPlace = (expected: number, ids: readonly string[], stream: StreamState): Verdict => {
  const differs = ids.findIndex((id, index) => stream.idAt(expected + 1 + index) !== id);
  if (differs === -1 && ids.length > 0)
    return { verdict: 'repeat', revision: expected + ids.length };
  if (differs === 0 && expected === NO_EVENTS && stream.softDeleted) return write;
  return wrong;
};

/**
 * Whether an append may be written. The rules are those of the real server, with one difference:
 * its memory of ids under 'any' and 'stream-exists' is a cache, ours lasts.
 */
export const verdictOn = (
  expected: Expected,
  ids: readonly string[],
  stream: StreamState,
): Verdict => {
  if (stream.tombstoned) return deleted;
  if (expected === 'any') return byId(ids, stream);
  if (expected === 'stream-exists') {
    if (stream.softDeleted) return deleted;
    if (stream.last === NO_EVENTS && !stream.hasMetadata) return wrong;
    return byId(ids, stream);
  }

  const at = expected === 'no-stream' ? NO_EVENTS : Number(expected);
  if (at > stream.last) return wrong;
  return at === stream.last ? write : byPlace(at, ids, stream);
};
