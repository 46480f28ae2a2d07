import { setImmediate as nextTurn } from 'node:timers/promises';
import { draftOn, type Draft, type Written } from './draft.ts';
import { NO_EVENTS, verdictOn, type Expected } from './expected-revision.ts';
import type { Log } from './log.ts';
import type { Proposed } from './record.ts';
import type { Refusal } from './refusal.ts';

/** Milliseconds since 1970. */
export type Now = () => number;

export type Write = {
  readonly stream: string;
  readonly expected: Expected;
  /** The events to append, or what is to become of the stream. */
  readonly what: readonly Proposed[] | 'soft-delete' | 'tombstone';
  /** Bytes, about. */
  readonly size: number;
  /** When nobody waits for it any more; it is not begun after that. */
  readonly expiresAt: number;
};

export type Outcome =
  | { readonly outcome: 'written'; readonly at: Written }
  /** An append of nothing. `last` is the revision the stream is at; -1 when there is none. */
  | { readonly outcome: 'nothing'; readonly last: number }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

/** Answers a write when it is on disk. Never rejects. */
export type Writer = {
  readonly write: (write: Write) => Promise<Outcome>;
  /** Resolves when everything that was asked for has been answered. */
  readonly idle: () => Promise<void>;
};

/** As many appends as share one transaction and one sync at most. */
const LARGEST_GROUP = 1_000;
const LARGEST_GROUP_BYTES = 16 * 1024 * 1024;

/** A disk that has not answered for so long will not, and LMDB waits for it for ever. */
const LONGEST_COMMIT_MS = 30_000;

/** A commit neither succeeds nor fails: whether its appends are on disk, a restart will tell. */
export class CommitStuck extends Error {
  override readonly name = 'CommitStuck';
  constructor(afterMs: number) {
    super(`The disk has not answered a commit for ${afterMs} ms`);
  }
}

export type WriterOptions = {
  readonly now: Now;
  /** Told of every commit that failed, and of one that is stuck. */
  readonly onFailure: (error: unknown) => void;
  readonly longestCommitMs?: number;
};

type Waiting = { readonly write: Write; readonly answer: (outcome: Outcome) => void };

const refused = (refusal: Refusal): Outcome => ({ outcome: 'refused', refusal });

const carryOut = (draft: Draft, { stream, what }: Write, last: number): Outcome => {
  if (what === 'tombstone') return { outcome: 'written', at: draft.tombstone(stream) };
  if (what === 'soft-delete') return { outcome: 'written', at: draft.softDelete(stream) };
  if (what.length === 0) return { outcome: 'nothing', last };
  return { outcome: 'written', at: draft.append(stream, what) };
};

const decide = (draft: Draft, write: Write, now: number): Outcome => {
  if (write.expiresAt <= now) return refused({ reason: 'timeout' });

  const { stream, expected, what } = write;
  const state = draft.state(stream);
  const wrong: Refusal = { reason: 'wrong-revision', stream, expected, current: state.last };
  // A delete has no id to be known by: it is taken for a first time, always.
  const ids = typeof what === 'string' ? ['new'] : what.map(({ id }) => id);
  if (what === 'soft-delete' && state.last === NO_EVENTS && !state.hasMetadata)
    return refused(wrong);

  const found = verdictOn(expected, ids, state);
  switch (found.verdict) {
    case 'write':
      return carryOut(draft, write, state.last);
    case 'repeat':
      return { outcome: 'written', at: draft.place(stream, found.revision) };
    case 'deleted':
      return refused({ reason: 'stream-deleted', stream });
    case 'wrong-revision':
      return refused(wrong);
  }
};

/**
 * The one that writes to the log. While a transaction is on its way to the disk, appends gather;
 * the next transaction takes them all. None is decided on anything that is not on disk or in its
 * own transaction, so that a transaction that fails takes nothing with it but itself.
 */
export const writerTo = (log: Log, options: WriterOptions): Writer => {
  const { now, onFailure, longestCommitMs = LONGEST_COMMIT_MS } = options;
  const queue: Waiting[] = [];
  let running: Promise<void> | undefined;

  const nextGroup = (): Waiting[] => {
    let bytes = 0;
    const end = queue.findIndex(({ write }) => (bytes += write.size) > LARGEST_GROUP_BYTES);
    return queue.splice(0, Math.min(LARGEST_GROUP, end === -1 ? queue.length : Math.max(1, end)));
  };

  const commit = async (group: readonly Waiting[]): Promise<readonly Outcome[]> => {
    const stuck = setTimeout(() => {
      onFailure(new CommitStuck(longestCommitMs));
    }, longestCommitMs);
    try {
      const at = now();
      const draft = draftOn(log, at);
      const outcomes = group.map(({ write }) => decide(draft, write, at));
      const changes = draft.changes();
      if (changes.records.length > 0) await log.commit(changes);
      return outcomes;
    } catch (error) {
      onFailure(error);
      const why = error instanceof Error ? error.message : String(error);
      const detail = `The event log cannot be written, and nothing was recorded: ${why}`;
      return group.map(() => refused({ reason: 'not-writable', detail }));
    } finally {
      clearTimeout(stuck);
    }
  };

  const run = async (): Promise<void> => {
    // What arrived together is decided together.
    await nextTurn();
    while (queue.length > 0) {
      const group = nextGroup();
      const outcomes = await commit(group);
      for (const [index, { answer }] of group.entries()) {
        const outcome = outcomes[index];
        if (outcome) answer(outcome);
      }
    }
    running = undefined;
  };

  return {
    write: (write) =>
      new Promise((answer) => {
        queue.push({ write, answer });
        running ??= run();
      }),
    idle: async () => running,
  };
};
