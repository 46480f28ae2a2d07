/** Large enough that a transaction per page costs little, and small enough to hold several. */
export const LARGEST_PAGE = 4_096;

/** An event of the log as the server tells it, whoever's it is. */
export type RawEvent = {
  readonly id: string;
  readonly streamId: string;
  readonly revision: bigint;
  readonly position: { readonly commit: bigint; readonly prepare: bigint };
  readonly type: string;
  readonly isJson: boolean;
  /** What was written as JSON comes read; anything else comes as bytes. */
  readonly data: unknown;
  /** Likewise; nothing where there is none. */
  readonly metadata: unknown;
  readonly created: Date;
};

/** A stretch of the log. */
export type RawPage = {
  readonly events: readonly RawEvent[];
  readonly upTo: bigint;
  /** Whether there was more when it was read. */
  readonly more: boolean;
};

/** Where the log ends; `at` is when its last event was written. */
export type Head = { readonly position: bigint; readonly at: Date | undefined };
