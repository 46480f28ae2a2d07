import type { Knex } from 'knex';
import type { ConfirmingItem, ConfirmingItems } from '#shared/conciliation/ports.ts';
import { itemName, itemsTable, KEPT, type ItemRow } from '#shared/conciliation/tables.ts';
import type { SaleId } from '#shared/ids.ts';
import { inPages } from '#shared/platform/in-pages.ts';
import { amountOf } from './findings.ts';

const CHUNK = 500;

type ItemPlace = Pick<ItemRow, 'line' | 'position'>;
const FIRST: ItemPlace = { line: 0, position: '-1' };

const shown = (row: ItemRow): ConfirmingItem => ({
  item: itemName(row),
  saleId: row.sale_id as SaleId,
  partnerId: row.their_id,
  amountInCents: amountOf(row),
});

/** Items of a run that has ended are there for good, and stay as they are. */
export const confirmingItemsIn = (db: Knex): ConfirmingItems =>
  async function* (statementId) {
    const pages = inPages<ItemRow>(CHUNK, ({ line, position }: ItemPlace = FIRST, limit) =>
      db<ItemRow>(`${KEPT}.${itemsTable(statementId)}`)
        .where({ category: 'CONFIRMS_UNCERTAIN' })
        .whereRaw('(line, position) > (?, ?)', [line, position])
        .orderBy(['line', 'position'])
        .limit(limit),
    );
    for await (const rows of pages) yield rows.map(shown);
  };
