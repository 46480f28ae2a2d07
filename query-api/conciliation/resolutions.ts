import type { Knex } from 'knex';
import { isFinding } from '#shared/conciliation/categories.ts';
import { findingIdOf } from '#shared/conciliation/identity.ts';
import type { ConciliationRow, FindingRow } from '#shared/conciliation/view.ts';
import type { ConciliationId } from '#shared/ids.ts';
import type { ItemChanged } from './changes.ts';
import { findingsBy } from './queries.ts';

const resolutionOf = (row: FindingRow) => ({
  ...{ status: row.status, resolution: row.resolution, reason: row.reason },
  resolvedBy: row.resolved_by,
  ...(row.approved_by !== null && { approvedBy: row.approved_by }),
  at: row.at.toISOString(),
});

/** An item, with what was done about it where anything was. */
export type ItemAnswered = ItemChanged & { readonly resolution?: ReturnType<typeof resolutionOf> };

/** Items, each with what was done about it. */
export const withResolutions = async (
  db: Knex,
  { conciliation_id: id, source }: ConciliationRow,
  items: readonly ItemChanged[],
): Promise<readonly ItemAnswered[]> => {
  const idOf = (item: ItemChanged) => findingIdOf(id as ConciliationId, item.id);
  // Where both sides agree there is nothing that anybody could have done.
  const looked = items.filter(({ category }) => isFinding(source, category));
  if (looked.length === 0) return items;
  const found = await findingsBy(db, looked.map(idOf));
  const rows = new Map(found.map((row) => [row.finding_id, row]));
  return items.map((item) => {
    const row = rows.get(idOf(item));
    return row ? { ...item, resolution: resolutionOf(row) } : item;
  });
};
