import type { Draft } from './draft.ts';
import { NO_EVENTS, verdictOn, type Expected } from './expected-revision.ts';
import type { Written } from './overlay.ts';
import type { Proposed } from './record.ts';
import type { Refusal } from './refusal.ts';

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

export const refused = (refusal: Refusal): Outcome => ({ outcome: 'refused', refusal });

const carryOut = (draft: Draft, { stream, what }: Write, last: number): Outcome => {
  if (what === 'tombstone') return { outcome: 'written', at: draft.tombstone(stream) };
  if (what === 'soft-delete') return { outcome: 'written', at: draft.softDelete(stream) };
  if (what.length === 0) return { outcome: 'nothing', last };
  return { outcome: 'written', at: draft.append(stream, what) };
};

/** Carries a write out in a draft of the log, if its condition holds. */
export const decide = (draft: Draft, write: Write, now: number): Outcome => {
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
