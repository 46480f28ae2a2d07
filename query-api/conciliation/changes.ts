import type { Knex } from 'knex';
import { changesTable, itemName, KEPT, type ChangeRow } from '#shared/conciliation/tables.ts';
import type { ConciliationRow } from '#shared/conciliation/view.ts';
import type { ItemShown } from './showing.ts';
import type { ItemFound, ItemPlace } from './items.ts';
import { conciliationBy } from './queries.ts';

/** An item, with what has become of it since the report before, where there was one. */
export type ItemChanged = ItemShown & {
  readonly change?: ChangeRow['change'];
  readonly earlier?: { readonly conciliation: string; readonly item: string };
};

/** The conciliation before, with which the findings of this one were compared. */
export const conciliationBefore = async (
  db: Knex,
  { totals }: ConciliationRow,
): Promise<ConciliationRow | undefined> =>
  totals?.changes && (await conciliationBy(db, totals.changes.since));

const changesOf = async (
  db: Knex,
  { statement_id: statementId }: ConciliationRow,
  places: readonly ItemPlace[],
): Promise<readonly ChangeRow[]> => {
  const { rows } = await db.raw<{ readonly rows: readonly ChangeRow[] }>(
    `select c.* from ${KEPT}.${changesTable(statementId)} c
       join unnest(?::integer[], ?::bigint[]) as p (line, position) using (line, position)`,
    [places.map(({ line }) => line), places.map(({ position }) => position)],
  );
  return rows;
};

const earlierIn = ({ was_line: line, was_position: position }: ChangeRow): string | undefined =>
  line === null || position === null ? undefined : itemName({ line, position });

/** Items of a report, each with what has become of it since the one before. */
export const withChanges = async (
  db: Knex,
  row: ConciliationRow,
  found: readonly ItemFound[],
  items: readonly ItemShown[],
): Promise<readonly ItemChanged[]> => {
  const since = row.totals?.changes?.since;
  if (since === undefined || found.length === 0) return items;
  const rows = await changesOf(db, row, found);
  const changes = new Map(
    rows.flatMap((one) => {
      const { line, position } = one;
      return line === null || position === null ? [] : [[itemName({ line, position }), one]];
    }),
  );
  return items.map((item) => {
    const change = changes.get(item.id);
    if (!change) return item;
    const earlier = earlierIn(change);
    return {
      ...{ ...item, change: change.change },
      ...(earlier !== undefined && { earlier: { conciliation: since, item: earlier } }),
    };
  });
};

/** Items of the report before that are findings no more, as that report has them. */
export const asCleared = (
  { conciliation_id: conciliation }: ConciliationRow,
  items: readonly ItemShown[],
): readonly ItemChanged[] =>
  items.map((item) => ({ ...item, change: 'CLEARED', earlier: { conciliation, item: item.id } }));
