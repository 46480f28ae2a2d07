/** One row per sale, with what it was before: our side of a conciliation, at any position. */
export const ourSalesTable = 'conciliation_sales_view';
export const ourSalesView = 'conciliation-sales';

export type OurStatus = 'REFUSED' | 'CALCULATED' | 'ACCEPTED' | 'FAILED' | 'UNCERTAIN';

/** How a sale stood from a position of the log on: a tuple, since there are millions of them. */
export type Standing = readonly [
  position: string,
  status: OurStatus,
  partnerId: string | null,
  attempts: number,
];

export type OurSaleRow = {
  readonly sale_id: string;
  /** Made of the CPF by a keyed hash: by it a statement's row finds its sale. */
  readonly subject_id: string;
  /** The day in São Paulo, or the one on which it came. */
  readonly sold_on: string;
  readonly sold_at: Date | null;
  /** Cents; a bigint, in decimal. */
  readonly total: string | null;
  readonly cashback: string;
  readonly rule_set: string | null;
  /** Sealed as field `document`; null of a refused sale. */
  readonly document: string | null;
  /** Where it was received in the log. A bigint, in decimal; as is the next. */
  readonly received_position: string;
  /** Since when it stands as it does now. */
  readonly position: string;
  readonly status: OurStatus;
  readonly partner_id: string | null;
  readonly attempts: number;
  /** How it stood before, oldest first. */
  readonly earlier: readonly Standing[];
};

/** One row per conciliation. */
export const conciliationsTable = 'conciliations_view';
export const conciliationsView = 'conciliations';

export type CategoryTotals = {
  readonly name: string;
  readonly ourRows: number;
  readonly theirRows: number;
  readonly oursInCents: number;
  readonly theirsInCents: number;
};
export type SideTotals = { readonly rows: number; readonly amountInCents: number };

/** What a run came to. */
export type ConciliationTotals = {
  readonly ruleSets: readonly string[];
  readonly categories: readonly CategoryTotals[];
  readonly ours: SideTotals;
  readonly theirs: SideTotals;
  readonly oldestOpen: string | null;
  /** Missing where there was no report of the same books and days before. */
  readonly changes?: ChangeTotals;
};

/** How many findings are new, recurring and cleared since another conciliation. */
export type ChangeTotals = {
  readonly since: string;
  readonly new: number;
  readonly recurring: number;
  readonly cleared: number;
};

export type ConciliationRow = {
  readonly conciliation_id: string;
  readonly status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  readonly source: 'cashback-api' | 'erp';
  readonly statement_id: string;
  readonly from_day: string;
  readonly to_day: string;
  readonly sha256: string;
  readonly rows: number;
  readonly unreadable: number;
  readonly prepared_by: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  /** A bigint, in decimal: where it was started, and up to where our side was read. */
  readonly position: string;
  readonly totals: ConciliationTotals | null;
  /** Why it failed. */
  readonly failure: string | null;
  /** What became of what the statement confirms, once somebody had it settled. */
  readonly settlement: Settlement | null;
  readonly revision: number;
};

export type Settlement = {
  readonly status: 'SETTLING' | 'SETTLED';
  readonly items: number;
  /** Nothing as long as it goes on; as is the next. */
  readonly settled?: number;
  readonly left?: number;
};

/** One row per finding about which somebody did something. */
export const findingsTable = 'findings_view';
export const findingsView = 'findings';

export type FindingRow = {
  readonly finding_id: string;
  readonly conciliation_id: string;
  /** As it is called in paths. */
  readonly item: string;
  readonly status: 'AWAITING_APPROVAL' | 'RESOLVED';
  readonly resolution: 'RESENT' | 'SETTLED' | 'WRITTEN_OFF' | 'EXPLAINED';
  readonly reason: string;
  readonly resolved_by: string;
  readonly approved_by: string | null;
  readonly at: Date;
};

/** One row per month that was ever closed. */
export const conciliationPeriodsTable = 'conciliation_periods_view';
export const conciliationPeriodsView = 'conciliation-periods';

export type ConciliationPeriodRow = {
  readonly month: string;
  readonly status: 'OPEN' | 'CLOSED';
  /** The reports that it rested on when it was closed last. */
  readonly conciliations: readonly string[];
  readonly closed_at: Date;
  readonly closed_by: string;
  /** When it was opened again last, by whom and why; nothing if it never was. */
  readonly reopened_at: Date | null;
  readonly reopened_by: string | null;
  readonly reason: string | null;
  readonly revision: number;
};
