/** What is still to be done outside about people. */
export type WaitingIndex = {
  /** Whether everything up to this position of the log can be found in it. */
  readonly hasReached: (position: bigint) => Promise<boolean>;
  /** Has whatever waits for a person tried at once. How much that is. */
  readonly callNow: (subjectId: string) => Promise<number>;
};
