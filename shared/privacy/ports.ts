/** What is still to be done outside about people. */
export type WaitingIndex = {
  /** Whether everything up to this position of the log can be found in it. */
  readonly hasReached: (position: bigint) => Promise<boolean>;
  /**
   * Has whatever waits for a person tried at once, but for what is being tried already: how much
   * that is. It may have begun before they were erased, fail, and come again in an hour.
   */
  readonly callNow: (subjectId: string) => Promise<number>;
};

/** Something that is on record about somebody, in clear. */
export type HeldEvent = {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** What stands in streams about people, in the order in which they are named; nothing is masked. */
export type HeldIn = (streams: readonly string[]) => Promise<readonly HeldEvent[]>;
