import type { AllStreamRecordedEvent } from '@eventstore/db-client';

/** Large enough that a transaction per page costs little, and small enough to hold several. */
export const LARGEST_PAGE = 4_096;

export type RawEvent = AllStreamRecordedEvent;

/** A stretch of the log as the server tells it, whoever's events they are. */
export type RawPage = {
  readonly events: readonly RawEvent[];
  readonly upTo: bigint;
  /** Whether there was more when it was read. */
  readonly more: boolean;
};

/** Where the log ends; `at` is when its last event was written. */
export type Head = { readonly position: bigint; readonly at: Date | undefined };
