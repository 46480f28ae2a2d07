import type { ConciliationId } from '#shared/ids.ts';
import type { Month } from '#shared/kernel/calendar.ts';

/** How the conciliations stand whose days are in a month. */
export type Standing = {
  /** Statements that are being set against the log. */
  readonly running: number;
  /** The reports that hold, each with its findings of which nobody has said what was done. */
  readonly reports: readonly {
    readonly conciliationId: ConciliationId;
    readonly open: number;
  }[];
};

/**
 * How a month stands, as everything on record up to a position has it. Nothing when that cannot be
 * said in time.
 */
export type StandingOf = (month: Month, upTo: bigint) => Promise<Standing | undefined>;
