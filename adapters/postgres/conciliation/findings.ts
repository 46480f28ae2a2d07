import type { Knex } from 'knex';
import { isFinding, SOURCES, type Source } from '#shared/conciliation/categories.ts';
import type { FindingAmount } from '#shared/conciliation/ports.ts';
import { itemsTable, KEPT, NO_LINE, type ItemRow } from '#shared/conciliation/tables.ts';
import { statementTable } from './schema.ts';

const ITEM = /^(\d{1,10})-(\d{1,19})$/;

type Kept = {
  readonly id: string;
  readonly conciliation_id: string;
  /** Nothing of those that were run before it was noted. */
  readonly source: Source | null;
};

type Amounts = Pick<ItemRow, 'ours' | 'theirs' | 'our_amount' | 'their_amount'>;

/** As an amount without a sign: how much the two sides are apart, or what is alone. */
export const amountOf = ({ ours, theirs, our_amount, their_amount }: Amounts): number => {
  const one = ours ? Number(our_amount ?? 0) : 0;
  const other = theirs ? Number(their_amount ?? 0) : 0;
  return Math.abs(other - one);
};

/** Where an item is, as it is called in paths; nothing if that names none. */
const placeOf = (item: string): Pick<ItemRow, 'line' | 'position'> | undefined => {
  const [, given, position = ''] = ITEM.exec(item) ?? [];
  const line = Number(given) === 0 ? NO_LINE : Number(given);
  const isOne = given !== undefined && line <= NO_LINE && BigInt(position) < 2n ** 63n;
  return isOne ? { line, position } : undefined;
};

/** Items whose run has ended are there for good: nobody needs a view to look one up. */
export const findingAmountIn =
  (db: Knex): FindingAmount =>
  async (conciliationId, item) => {
    const place = placeOf(item);
    const kept = await db<Kept>(statementTable)
      .where('conciliation_id', conciliationId)
      .whereNotNull('finished_at')
      .first();
    if (!place || !kept) return undefined;
    const row = await db<ItemRow>(`${KEPT}.${itemsTable(kept.id)}`)
      .where(place)
      .first();
    const isOne =
      row && (kept.source ? [kept.source] : SOURCES).some((one) => isFinding(one, row.category));
    return isOne ? amountOf(row) : undefined;
  };
