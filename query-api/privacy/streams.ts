import type { Knex } from 'knex';
import { customersTable, type CustomerRow } from '#shared/customer/view.ts';
import { favouritesTable, type FavouriteRow } from '#shared/favourite/view.ts';
import { purchasesTable, type PurchaseRow } from '#shared/purchase/view.ts';
import { resellersTable, type ResellerRow } from '#shared/reseller/view.ts';
import { salesTable, type SaleRow } from '#shared/sale/view.ts';

/** The customer's own and those of their favourites, `limit` at most; nothing if there is none. */
export const streamsOfCustomer = async (
  db: Knex,
  id: string,
  limit: number,
): Promise<readonly string[] | undefined> => {
  const customer = await db<CustomerRow>(customersTable).where({ customer_id: id }).first();
  if (!customer) return undefined;
  const favourites = await db<FavouriteRow>(favouritesTable)
    .where({ customer_id: id })
    .orderBy('position')
    .limit(limit - 1)
    .pluck<string[]>('favourite_id');
  return [`customer-${id}`, ...favourites.map((favourite) => `favourite-${favourite}`)];
};

/** The reseller's own, what they bought and were granted, and sales in which they were the buyer. */
export const streamsOfReseller = async (
  db: Knex,
  id: string,
  limit: number,
): Promise<readonly string[] | undefined> => {
  const reseller = await db<ResellerRow>(resellersTable).where({ reseller_id: id }).first();
  if (!reseller) return undefined;
  const [purchases, sales] = await Promise.all([
    db<PurchaseRow>(purchasesTable)
      .where({ reseller_id: id })
      .orderBy('position')
      .limit(limit)
      .pluck<string[]>('purchase_id'),
    db<SaleRow>(salesTable)
      .where({ subject_id: reseller.subject_id })
      .orderBy('position')
      .limit(limit)
      .pluck<string[]>('sale_id'),
  ]);
  return [
    ...[`reseller-${id}`, `cashbackLedger-${id}`, `buyer-${reseller.subject_id}`],
    ...purchases.map((purchase) => `purchase-${purchase}`),
    ...sales.map((sale) => `sale-${sale}`),
  ].slice(0, limit);
};
