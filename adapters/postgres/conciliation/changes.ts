import type { Knex } from 'knex';
import { findingsOf, type Source } from '#shared/conciliation/categories.ts';
import type { Changes } from '#shared/conciliation/commands.ts';
import type { Wanted } from '#shared/conciliation/matching.ts';
import { changesTable, itemsTable, KEPT } from '#shared/conciliation/tables.ts';
import type { ConciliationId, StatementId } from '#shared/ids.ts';
import { statementTable } from './schema.ts';

type Kept = {
  readonly id: StatementId;
  readonly conciliation_id: ConciliationId;
  readonly source: Source;
  readonly from_day: string;
  readonly to_day: string;
  /** A bigint, in decimal. */
  readonly position: string;
};

/**
 * Takes hold of a statement until its run is through, and says what that is of. Whoever is erased
 * in the meantime is looked for in the items once they are there.
 */
export const holdOf = async (tx: Knex, wanted: Wanted): Promise<void> => {
  const { statementId, source, from, to, position } = wanted;
  const run = { source, from_day: from, to_day: to, position };
  await tx<Kept>(statementTable).where({ id: statementId }).update(run);
};

/** The last report of the same books and days that our side was read for before. */
const earlierThan = (tx: Knex, { source, from, to, position }: Wanted) =>
  tx<Kept>(statementTable)
    .where({ source, from_day: from, to_day: to })
    .where('position', '<', position)
    .whereNotNull('finished_at')
    .orderBy('position', 'desc')
    .first('id', 'conciliation_id');

/**
 * What makes a finding the same one in another statement: our sale; else what they call their row,
 * or all that it says. Of rows that say nothing, only how many there are can be told.
 */
const KEY = `
  case when ours then 'ours ' || position
       when category = 'UNREADABLE' then 'unreadable ' || reason
       when their_id is not null then 'id ' || their_id
       else concat_ws(' ', 'row', their_subject, their_amount, their_at) end collate "C"`;

const findings = (source: Source, statementId: StatementId): string => {
  const names = findingsOf(source).map((name) => `'${name}'`);
  return `
    select line, position, key, row_number() over (partition by key order by line, position) as nth
      from (select line, position, ${KEY} as key from ${KEPT}.${itemsTable(statementId)}
             where category in (${names.join(', ')})) f`;
};

/** Says of every finding whether it is new or recurring, and which are cleared. */
const compare = (source: Source, now: StatementId, before: StatementId): string => {
  const table = `${KEPT}.${changesTable(now)}`;
  return `
    drop table if exists ${table};
    create table ${table} as
    select n.line, n.position, b.line as was_line, b.position as was_position,
           case when b.key is null then 'NEW' when n.key is null then 'CLEARED'
                else 'RECURRING' end as change
      from (${findings(source, now)}) n
      full join (${findings(source, before)}) b on b.key = n.key and b.nth = n.nth;
    create index on ${table} (line, position);
    create index on ${table} (change, line, position);
    create index on ${table} (change, was_line, was_position)`;
};

type Counted = { readonly change: string; readonly findings: number };

/** What has become of the findings since the report before; nothing if there is none. */
export const changesSince = async (tx: Knex, wanted: Wanted): Promise<Changes | undefined> => {
  const { statementId, source } = wanted;
  const earlier = await earlierThan(tx, wanted);
  if (!earlier) return undefined;
  await tx.raw(compare(source, statementId, earlier.id));
  const { rows } = await tx.raw<{ readonly rows: readonly Counted[] }>(
    `select change, count(*)::integer as findings from ${KEPT}.${changesTable(statementId)}
      group by change`,
  );
  const count = (name: string) => rows.find(({ change }) => change === name)?.findings ?? 0;
  const [appeared, recurring, cleared] = ['NEW', 'RECURRING', 'CLEARED'].map(count);
  return {
    since: earlier.conciliation_id,
    ...{ new: appeared ?? 0, recurring: recurring ?? 0, cleared: cleared ?? 0 },
  };
};
