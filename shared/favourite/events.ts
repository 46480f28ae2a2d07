import { CustomerId, FavouriteId, ProductId } from '#shared/ids.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';

const about = {
  favouriteId: FavouriteId,
  customerId: CustomerId,
  productId: ProductId,
  /** How often it had been asked for by then, this time included. */
  request: Type.Integer({ minimum: 1 }),
  at: Instant,
};

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
export const favouriteEvents = contract('favourite', {
  FavouriteRequested: Type.Object(about),
  FavouriteListed: Type.Object(about),
  /** The product API knows no such product. */
  FavouriteRefused: Type.Object(about),
  /** The product API could not be asked, and is not asked any more until somebody says so. */
  FavouriteParked: Type.Object(about),
  FavouriteRemoved: Type.Object(about),
  /** Its customer is gone, and with them whatever they once had in their list. */
  FavouriteCleared: Type.Object(about),
});
export type FavouriteEvent = MessagesIn<typeof favouriteEvents>;
