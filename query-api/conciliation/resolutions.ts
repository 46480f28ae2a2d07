import type { Knex } from 'knex';
import { findingIdOf } from '#shared/conciliation/identity.ts';
import type { ConciliationRow, FindingRow } from '#shared/conciliation/view.ts';
import type { ConciliationId } from '#shared/ids.ts';
import { findingsBy } from './queries.ts';
import type { ItemShown } from './showing.ts';

const resolutionOf = (row: FindingRow) => ({
  ...{ status: row.status, resolution: row.resolution, reason: row.reason },
  resolvedBy: row.resolved_by,
  ...(row.approved_by !== null && { approvedBy: row.approved_by }),
  at: row.at.toISOString(),
});

/** Items, each with what was done about it. */
export const withResolutions = async (
  db: Knex,
  { conciliation_id: id }: ConciliationRow,
  items: readonly ItemShown[],
) => {
  const idOf = (item: ItemShown) => findingIdOf(id as ConciliationId, item.id);
  const found = await findingsBy(db, items.map(idOf));
  const rows = new Map(found.map((row) => [row.finding_id, row]));
  return items.map((item) => {
    const row = rows.get(idOf(item));
    return row ? { ...item, resolution: resolutionOf(row) } : item;
  });
};
