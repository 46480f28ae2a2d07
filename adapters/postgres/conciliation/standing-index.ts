import type { Knex } from 'knex';
import { findingsOf } from '#shared/conciliation/categories.ts';
import type { StandingOf } from '#shared/conciliation/standing.ts';
import { itemsTable, KEPT, NO_LINE } from '#shared/conciliation/tables.ts';
import {
  conciliationsTable,
  conciliationsView,
  findingsTable,
  findingsView,
  type ConciliationRow,
} from '#shared/conciliation/view.ts';
import type { ConciliationId } from '#shared/ids.ts';
import { LONGEST_WAIT_MS } from '#shared/platform/http/query.ts';
import { reachedIn } from '#shared/platform/reached.ts';

type Days = { readonly first: string; readonly last: string };

/** As text, days of a month are between these; there is no need to know how long it is. */
const daysOf = (month: string): Days => ({ first: `${month}-01`, last: `${month}-31` });

/** A report holds until a later one of the same books has all of its days. */
const REPORTS = `
  select * from ${conciliationsTable} c
   where status = 'COMPLETED' and from_day <= :last and to_day >= :first
     and not exists (
       select 1 from ${conciliationsTable} later
        where later.status = 'COMPLETED' and later.source = c.source
          and later.from_day <= c.from_day and later.to_day >= c.to_day
          and later.position > c.position)
   order by position`;

/** What of ours is of another month is that month's to see to. */
const openSql = (statementId: string) => `
  select count(*)::integer as open from ${KEPT}.${itemsTable(statementId)} i
   where category = any(:findings)
     and (not ours or our_day between :first and :last)
     and not exists (
       select 1 from ${findingsTable} f
        where f.conciliation_id = :id and f.status = 'RESOLVED'
          and f.item = (case when i.line = ${NO_LINE} then 0 else i.line end) || '-' || i.position)`;

const openIn = async (
  db: Knex,
  { conciliation_id: id, statement_id: statementId, source }: ConciliationRow,
  days: Days,
): Promise<number> => {
  const bound = { ...days, id, findings: [...findingsOf(source)] };
  const { rows } = await db.raw<{ readonly rows: readonly { readonly open: number }[] }>(
    openSql(statementId),
    bound,
  );
  return rows[0]?.open ?? 0;
};

/**
 * The views of conciliations and of findings, as an index into the log: they are asked only when
 * they have got as far as the log had when the question came up, and so say what the log says.
 */
export const standingIn = (db: Knex, { waitMs = LONGEST_WAIT_MS } = {}): StandingOf => {
  const reached = reachedIn(db);
  return async (month, upTo) => {
    if (!(await reached([conciliationsView, findingsView], upTo, waitMs))) return undefined;
    const days = daysOf(month);
    const running = await db<ConciliationRow>(conciliationsTable)
      .where({ status: 'RUNNING' })
      .where('from_day', '<=', days.last)
      .where('to_day', '>=', days.first)
      .pluck('conciliation_id');
    const { rows } = await db.raw<{ readonly rows: readonly ConciliationRow[] }>(REPORTS, days);
    const reports = [];
    for (const row of rows) {
      const conciliationId = row.conciliation_id as ConciliationId;
      reports.push({ conciliationId, open: await openIn(db, row, days) });
    }
    return { running: running.length, reports };
  };
};
