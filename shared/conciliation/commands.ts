import type { AccountId, ConciliationId, StatementId } from '#shared/ids.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';

export type CategorySums = {
  readonly name: string;
  readonly ourRows: number;
  readonly theirRows: number;
  readonly oursInCents: number;
  readonly theirsInCents: number;
};

export type SideSums = {
  readonly rows: number;
  readonly amountInCents: number;
  /** Which rows they are: the sum of their line numbers, or of their positions in the log. */
  readonly identity: string;
};
/** Rows and sales that are in no item, on one side. */
export type PairSums = SideSums & {
  /** Of all that they say, in decimal: the same on both sides where they are the same, each with one. */
  readonly fingerprint: string;
};
type Sides = { readonly ours: SideSums; readonly theirs: SideSums };

/** What came of a run: each row in a category, and what was read, counted by itself. */
export type Matched = {
  readonly ruleSets: readonly string[];
  readonly categories: readonly CategorySums[];
  /** What is left of each side, which is matched: the same on both, or something was lost. */
  readonly pairs: { readonly ours: PairSums; readonly theirs: PairSums };
  /** What is in the categories, all in all. */
  readonly categorised: Sides;
  readonly read: Sides;
  readonly oldestOpen: string | null;
  readonly changes?: Changes;
};

/** What has become of findings since the last report before of the same books and days. */
export type Changes = {
  readonly since: ConciliationId;
  readonly new: number;
  readonly recurring: number;
  readonly cleared: number;
};

type OnConciliation = { readonly conciliationId: ConciliationId; readonly at: Instant };

export type ConciliationCommand =
  | Message<
      'StartConciliation',
      OnConciliation & {
        readonly statementId: StatementId;
        readonly source: 'cashback-api' | 'erp';
        readonly from: string;
        readonly to: string;
        readonly sha256: string;
        readonly rows: number;
        readonly unreadable: number;
        readonly by: AccountId;
      }
    >
  | Message<
      'EndConciliation',
      OnConciliation & {
        readonly asOf: { readonly position: string; readonly at: Instant };
        readonly matched: Matched;
      }
    >
  | Message<'GiveUpConciliation', OnConciliation & { readonly error: string }>
  | Message<'SettleConfirmed', OnConciliation & { readonly reason: string; readonly by: AccountId }>
  | Message<'EndSettlement', OnConciliation & { readonly settled: number; readonly left: number }>;
