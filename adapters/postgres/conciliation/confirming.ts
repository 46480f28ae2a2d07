import type { Knex } from 'knex';
import type { ConfirmingItem, ConfirmingItems } from '#shared/conciliation/ports.ts';
import { itemName, itemsTable, KEPT, type ItemRow } from '#shared/conciliation/tables.ts';
import type { SaleId } from '#shared/ids.ts';
import { amountOf } from './findings.ts';

const CHUNK = 500;

const shown = (row: ItemRow): ConfirmingItem => ({
  item: itemName(row),
  saleId: row.sale_id as SaleId,
  partnerId: row.their_id,
  amountInCents: amountOf(row),
});

/** Items of a run that has ended are there for good, and stay as they are. */
export const confirmingItemsIn = (db: Knex): ConfirmingItems =>
  async function* (statementId) {
    let last: Pick<ItemRow, 'line' | 'position'> = { line: 0, position: '-1' };
    for (;;) {
      const rows = await db<ItemRow>(`${KEPT}.${itemsTable(statementId)}`)
        .where({ category: 'CONFIRMS_UNCERTAIN' })
        .whereRaw('(line, position) > (?, ?)', [last.line, last.position])
        .orderBy(['line', 'position'])
        .limit(CHUNK);
      if (rows.length > 0) yield rows.map(shown);
      last = rows.at(-1) ?? last;
      if (rows.length < CHUNK) return;
    }
  };
