import type { CustomerId, FavouriteId, ProductId } from '#shared/ids.ts';
import { derivedId } from '#shared/kernel/identity.ts';

/** A product in the list of a customer. */
export const favouriteIdOf = (customerId: CustomerId, productId: ProductId): FavouriteId =>
  derivedId('favourite', customerId, productId) as FavouriteId;

/** A UUID is the same in capitals. */
export const productIdOf = (text: string): ProductId => text.toLowerCase() as ProductId;
