import type { StatementId } from '#shared/ids.ts';
import type { Matched } from './commands.ts';

/** What is to be matched with what. */
export type Wanted = {
  readonly statementId: StatementId;
  readonly source: 'cashback-api' | 'erp';
  /** Days of sale in São Paulo, both included. */
  readonly from: string;
  readonly to: string;
  /** Our side is read up to here, in decimal. */
  readonly position: string;
};

export type Matching = {
  /** Whether our side is there, up to that position. */
  readonly hasReached: (position: bigint) => Promise<boolean>;
  /**
   * Puts every row of either side into one category. It may be done over: the same statement and
   * position give the same items.
   */
  readonly match: (wanted: Wanted, signal: AbortSignal) => Promise<Matched>;
  /** Lets go of the documents that nobody has to see; rows and items stay. */
  readonly finish: (statementId: StatementId) => Promise<void>;
};
