import { derivedId } from '#shared/kernel/identity.ts';
import type { Instant, Meta } from '#shared/kernel/message.ts';

/** Something to be done outside, because something happened. The same at every attempt. */
export type Pending = {
  readonly id: string;
  readonly kind: string;
  /** What it is about. */
  readonly stream: string;
  /** Names of things; whatever else is needed is read from their streams. */
  readonly data: Readonly<Record<string, string>>;
  /** The event that it came of. */
  readonly eventId: string;
  readonly correlationId: string;
  readonly traceparent?: string;
};

export type Attempt = {
  /** From 1; it begins at 1 again when an operator has it tried afresh. */
  readonly attempt: number;
  /** Aborted when the process stops: what is cut off then is not counted as an attempt. */
  readonly signal: AbortSignal;
  /** The same at every attempt, for whoever is asked to do it: a `Message-ID`, a header. */
  readonly idempotencyKey: string;
};

export type GivenUp = {
  readonly attempts: number;
  /** What the last attempt failed of, naming nobody. */
  readonly error: string;
  /** How often it had been tried afresh before. */
  readonly round: number;
  readonly at: Instant;
};

/**
 * Carries intents of one kind out. It may be asked again for one that it has carried out already
 * (a process may be killed before that is on record), so it looks first and does under an identity
 * that a repeat shares. What it throws is tried again, a `Permanent` is not.
 */
export type Effect = {
  readonly kind: string;
  readonly carryOut: (intent: Pending, attempt: Attempt) => Promise<void>;
  /** Puts on record, in the capability's own words, that it was given up. May be asked again. */
  readonly onParked?: (intent: Pending, givenUp: GivenUp) => Promise<void>;
  /** Of this kind, how many a process carries out at a time: one that hangs must not stop others. */
  readonly atOnce?: number;
  /** One at a time is enough while the views have all they can do: nobody waits for it as for them. */
  readonly givesWay?: boolean;
};

/**
 * Who and why, for what an effect puts on record. The same `step` of the same intent gives the
 * same event ids, whatever has happened in between.
 */
export const metaOf = (
  { id, kind, eventId, correlationId, traceparent }: Pending,
  at: Instant,
  step = 'outcome',
): Meta => ({
  commandId: derivedId('effect', id, step),
  fingerprint: '',
  correlationId,
  causationId: eventId,
  actor: { id: kind, role: 'system' },
  at,
  ...(traceparent !== undefined && { traceparent }),
});
