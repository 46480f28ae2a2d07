/** An event as it stands in the log, whoever wrote it: unread, unopened, never brought up to date. */
export type StoredEvent = {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  /** What is no JSON is here as base64. */
  readonly data: unknown;
  readonly metadata: unknown;
};

export type Stretch = {
  readonly events: readonly StoredEvent[];
  /** How far was looked: a position in the log, or a revision in a stream. */
  readonly upTo: bigint;
  /** Whether there was more when it was read. */
  readonly more: boolean;
};

/**
 * The log for whoever must not rely on what we make of it. The server's own events, whose types
 * begin with `$`, are left out; they count in no page, so that a page may be empty and go on.
 */
export type StoredLog = {
  /** What follows a position. @throws {StoreAway} */
  readonly page: (after: bigint) => Promise<Stretch>;
  /** A stream after a revision; nothing where there is none. @throws {StoreAway} */
  readonly streamPage: (stream: string, after: bigint) => Promise<Stretch>;
  /** The last of a stream, or what comes before a revision, newest first. @throws {StoreAway} */
  readonly streamBefore: (stream: string, before?: bigint) => Promise<Stretch>;
  /** The position of the last event there is. @throws {StoreAway} */
  readonly end: () => Promise<bigint>;
};
