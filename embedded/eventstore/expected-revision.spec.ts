import { expect } from 'chai';
import { verdictOn, type Expected, type StreamState } from './expected-revision.ts';

/** A stream that holds these events, in order. */
const stream = (ids: readonly string[], more: Partial<StreamState> = {}): StreamState => ({
  last: ids.length - 1,
  tombstoned: false,
  softDeleted: false,
  hasMetadata: false,
  revisionOf: (id) => (ids.includes(id) ? ids.indexOf(id) : undefined),
  idAt: (revision) => ids[revision],
  ...more,
});

const NONE = stream([]);
const THREE = stream(['a', 'b', 'c']);
const DELETED = stream(['a', 'b', 'c'], { softDeleted: true, hasMetadata: true });

const WRITE = { verdict: 'write' } as const;
const WRONG = { verdict: 'wrong-revision' } as const;
const GONE = { verdict: 'deleted' } as const;
const repeat = (revision: number) => ({ verdict: 'repeat', revision }) as const;

type Row = readonly [
  expected: Expected,
  ids: readonly string[],
  state: StreamState,
  verdict: ReturnType<typeof verdictOn>,
  because: string,
];

const TABLE: readonly Row[] = [
  ['any', ['x'], NONE, WRITE, 'any stream will do, one that is not there too'],
  ['any', ['x', 'y'], THREE, WRITE, 'any revision will do'],
  ['any', ['x', 'a'], THREE, WRITE, 'what begins with a new event is new'],
  ['any', ['b', 'c'], THREE, repeat(2), 'all of them are there'],
  ['any', ['b'], THREE, repeat(1), 'it is there, though not at the end'],
  ['any', ['c', 'a'], THREE, repeat(0), 'the last of them counts, wherever it is'],
  ['any', ['c', 'x'], THREE, WRONG, 'the first is there and a later one is not'],
  ['any', [], THREE, WRITE, 'nothing can be written anywhere'],
  ['any', ['x'], DELETED, WRITE, 'a stream deleted softly begins anew'],

  ['no-stream', ['x'], NONE, WRITE, 'there is none'],
  ['no-stream', [], NONE, WRITE, 'there is none, and nothing to write'],
  ['no-stream', ['x'], THREE, WRONG, 'there is one'],
  ['no-stream', ['a', 'b'], THREE, repeat(1), 'it is what the stream began with'],
  ['no-stream', ['a', 'x'], THREE, WRONG, 'the stream went on differently'],
  ['no-stream', ['a', 'b', 'c', 'd'], THREE, WRONG, 'the stream does not hold all of them'],
  ['no-stream', [], THREE, WRONG, 'an append of nothing is no repeat'],
  ['no-stream', ['x'], DELETED, WRITE, 'deleted softly is as good as not there'],
  ['no-stream', ['a', 'b'], DELETED, repeat(1), 'a repeat from before the delete is one still'],
  ['no-stream', ['a', 'x'], DELETED, WRONG, 'half a repeat is none'],

  ['stream-exists', ['x'], NONE, WRONG, 'there is none'],
  ['stream-exists', ['x'], stream([], { hasMetadata: true }), WRITE, 'its metadata is there'],
  ['stream-exists', ['x'], THREE, WRITE, 'there is one'],
  ['stream-exists', ['a'], THREE, repeat(0), 'it is there already'],
  ['stream-exists', ['x'], DELETED, GONE, 'what was deleted does not exist'],

  [2n, ['x'], THREE, WRITE, 'that is where it is'],
  [2n, [], THREE, WRITE, 'that is where it is, and nothing to write'],
  [2n, ['x'], DELETED, WRITE, 'that is where it was when it was deleted'],
  [1n, ['x'], THREE, WRONG, 'it has moved on'],
  [0n, ['b', 'c'], THREE, repeat(2), 'it has moved on by these very events'],
  [0n, ['b'], THREE, repeat(1), 'it has moved on by this event, and another'],
  [0n, ['c'], THREE, WRONG, 'the event is there, but elsewhere'],
  [0n, [], THREE, WRONG, 'an append of nothing is no repeat'],
  [0n, ['x'], DELETED, WRONG, 'only no-stream forgives a deleted one'],
  [3n, ['x'], THREE, WRONG, 'it is not there yet'],
  [0n, ['x'], NONE, WRONG, 'it has no events at all'],
  [18_446_744_073_709_551_615n, ['x'], THREE, WRONG, 'no stream is that long'],
];

describe('An expected revision', () => {
  for (const [expected, ids, state, verdict, because] of TABLE)
    it(`of ${expected} for [${ids.join(' ')}] at ${state.last} is '${verdict.verdict}': ${because}`, () => {
      expect(verdictOn(expected, ids, state)).to.deep.equal(verdict);
    });

  for (const expected of ['any', 'no-stream', 'stream-exists', 2n] as const)
    it(`of ${expected} is refused by a tombstone, a repeat too`, () => {
      const over = stream(['a', 'b', 'c'], { tombstoned: true });
      expect(verdictOn(expected, ['a', 'b', 'c'], over)).to.deep.equal(GONE);
    });
});
