import { StoreAway, type Revision } from '#shared/kernel/event-store.ts';

/** A subscription that says nothing while the log grows; seen behind proxies and on idle links. */
export class Stalled extends Error {
  override readonly name = 'Stalled';
}

/** An attempt took longer than anybody should wait for it. */
export class Late extends Error {
  override readonly name = 'Late';
}

/**
 * The client made way for a new one while something was read. It ends its calls as if they had come
 * to their end: what was read by then may be the half of it, or nothing at all.
 */
export class CutShort extends Error {
  override readonly name = 'CutShort';
}

/** The stream was never written to, or was deleted. */
export class NoSuchStream extends Error {
  override readonly name = 'NoSuchStream';
}

/** Of the client's own error classes, those that say nothing about what was asked for. */
const PASSING_TYPES: ReadonlySet<unknown> = new Set([
  'timeout',
  'deadline-exceeded',
  'unavailable',
  'cancelled',
  'not-leader',
]);

/**
 * CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE and
 * DATA_LOSS. A fail-over shows as any of them, and a transport that breaks as the bare gRPC error.
 */
const PASSING_CODES: ReadonlySet<unknown> = new Set([1, 2, 4, 8, 10, 13, 14, 15]);

/** After these the client dials again by itself. */
const SELF_HEALING: ReadonlySet<unknown> = new Set(['unavailable', 'cancelled', 'not-leader']);

const fields = (error: unknown): { readonly type?: unknown; readonly code?: unknown } =>
  error instanceof Error ? (error as { type?: unknown; code?: unknown }) : {};

const isOurs = (error: unknown): boolean =>
  [Late, StoreAway, Stalled, CutShort].some((kind) => error instanceof kind);

/** What has no class: nobody answers in a cluster; a stream ends in the middle. */
const isNameless = (error: unknown): boolean =>
  error instanceof Error &&
  (error.message.startsWith('Failed to discover') ||
    fields(error).code === 'ERR_STREAM_PREMATURE_CLOSE');

/**
 * The same call may well succeed later. What became of it this time is not known: if it was an
 * append, it may have been written.
 */
export const isPassing = (error: unknown): boolean => {
  const { type, code } = fields(error);
  const bare = type === undefined || type === 'unknown';
  return (
    PASSING_TYPES.has(type) ||
    (bare && PASSING_CODES.has(code)) ||
    isOurs(error) ||
    isNameless(error)
  );
};

/** A passing failure, but of a kind after which the client keeps to the same connection. */
export const isBroken = (error: unknown): boolean =>
  isPassing(error) && !SELF_HEALING.has(fields(error).type);

export const isStreamNotFound = (error: unknown): boolean =>
  error instanceof NoSuchStream || fields(error).type === 'stream-not-found';

export const isWrongExpectedVersion = (error: unknown): boolean =>
  fields(error).type === 'wrong-expected-version';

/** Where a stream ends, by a refusal to add to it somewhere else. */
export const revisionIn = (error: unknown): Revision | undefined => {
  if (!(error instanceof Error) || !('actualVersion' in error)) return undefined;
  if (error.actualVersion === 'no_stream') return 'no-stream';
  return typeof error.actualVersion === 'bigint' ? error.actualVersion : undefined;
};
