import type { Instant } from '#shared/kernel/message.ts';

/** What is done at certain times, whichever process is there to do it; once for each time. */
export type Scheduled = {
  readonly name: string;
  /** Five fields, in UTC: `0 * * * *` is every full hour. */
  readonly cron: string;
  /** `due` is the time it is for, however late it is. What throws is tried again. */
  readonly run: (due: Instant) => Promise<void>;
};
