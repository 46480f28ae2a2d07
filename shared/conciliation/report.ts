import { amountText } from '#shared/kernel/money.ts';
import { CATEGORIES } from './categories.ts';
import type {
  CategoryTotals,
  ChangeTotals,
  ConciliationRow,
  ConciliationTotals,
  Settlement,
  SideTotals,
} from './view.ts';

export type CategoryReport = {
  readonly ourRows: number;
  readonly theirRows: number;
  readonly ours: string;
  readonly theirs: string;
  /** Theirs minus ours. */
  readonly difference: string;
};
type SideReport = { readonly rows: number; readonly amount: string };

export type Report = {
  readonly id: string;
  readonly status: ConciliationRow['status'];
  readonly source: ConciliationRow['source'];
  readonly period: { readonly from: string; readonly to: string };
  readonly asOf: { readonly position: string; readonly at: string };
  readonly statement: {
    readonly sha256: string;
    readonly rows: number;
    readonly unreadable: number;
  };
  readonly ruleSets: readonly string[];
  /** These and what follows: nothing as long as there is no report. */
  readonly categories: Readonly<Record<string, CategoryReport>> | null;
  readonly balance: {
    readonly ours: SideReport;
    readonly theirs: SideReport;
    readonly holds: true;
  } | null;
  readonly matchRate: { readonly byRows: string; readonly byAmount: string } | null;
  readonly oldestOpen: string | null;
  /** Of findings, since the report before of the same books and days; missing if there was none. */
  readonly changes?: ChangeTotals;
  readonly preparedBy: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Of a run that failed. */
  readonly failure?: string;
  readonly settlement?: Settlement;
};

const NOTHING = { ourRows: 0, theirRows: 0, oursInCents: 0, theirsInCents: 0 };

const categoryOf = ({ ourRows, theirRows, oursInCents, theirsInCents }: typeof NOTHING) => ({
  ...{ ourRows, theirRows, ours: amountText(oursInCents), theirs: amountText(theirsInCents) },
  difference: amountText(theirsInCents - oursInCents),
});

const sideOf = ({ rows, amountInCents }: SideTotals): SideReport => ({
  rows,
  amount: amountText(amountInCents),
});

/** In percent, two places, rounded down: 100.00 is all of it and nothing less. */
const share = (part: number, whole: number): string =>
  whole === 0 ? '100.00' : amountText(Number((BigInt(part) * 10_000n) / BigInt(whole)));

const rateOf = ({ ours, theirs }: ConciliationTotals, matched: CategoryTotals | undefined) => {
  const { ourRows, theirRows, oursInCents, theirsInCents } = matched ?? NOTHING;
  return {
    byRows: share(ourRows + theirRows, ours.rows + theirs.rows),
    byAmount: share(oursInCents + theirsInCents, ours.amountInCents + theirs.amountInCents),
  };
};

const totalsOf = ({ source }: ConciliationRow, totals: ConciliationTotals) => {
  const found = new Map(totals.categories.map((one) => [one.name, one]));
  return {
    ruleSets: totals.ruleSets,
    categories: Object.fromEntries(
      CATEGORIES[source].map((name) => [name, categoryOf(found.get(name) ?? NOTHING)]),
    ),
    balance: { ours: sideOf(totals.ours), theirs: sideOf(totals.theirs), holds: true } as const,
    matchRate: rateOf(totals, found.get('MATCHED')),
    oldestOpen: totals.oldestOpen,
    ...(totals.changes && { changes: totals.changes }),
  };
};

const NO_TOTALS = {
  ...{ ruleSets: [], categories: null, balance: null, matchRate: null, oldestOpen: null },
};

/** A conciliation as it is reported; the same totals always give the same report. */
export const reportOf = (row: ConciliationRow): Report => ({
  id: row.conciliation_id,
  status: row.status,
  source: row.source,
  period: { from: row.from_day, to: row.to_day },
  asOf: { position: row.position, at: row.started_at.toISOString() },
  statement: { sha256: row.sha256, rows: row.rows, unreadable: row.unreadable },
  ...(row.status === 'COMPLETED' && row.totals ? totalsOf(row, row.totals) : NO_TOTALS),
  preparedBy: row.prepared_by,
  startedAt: row.started_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  ...(row.status === 'FAILED' && row.failure !== null && { failure: row.failure }),
  ...(row.settlement && { settlement: row.settlement }),
});
