import type { CustomerId, ProductId } from '#shared/ids.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { FavouriteCommand } from './commands.ts';
import type { FavouriteEvent } from './events.ts';
import { favouriteIdOf } from './identity.ts';

export const noon = '2026-01-15T12:00:00.000Z' as Instant;
export const aCustomer = '5d0b2a52-3c5e-5a0e-9d0a-000000000701' as CustomerId;
export const aProduct = '5d0b2a52-3c5e-5a0e-9d0a-000000000801' as ProductId;
export const aFavourite = favouriteIdOf(aCustomer, aProduct);

const named = { favouriteId: aFavourite, customerId: aCustomer, productId: aProduct };
const asked = { favouriteId: aFavourite, at: noon };

/** One valid example of each message; name only what the spec is about. */
export const happened = (type: FavouriteEvent['type'], request = 1): FavouriteEvent => ({
  type,
  data: { ...named, request, at: noon },
});

export const request = (): FavouriteCommand => ({
  type: 'RequestFavourite',
  data: { ...named, at: noon },
});
export const list = (): FavouriteCommand => ({ type: 'ListFavourite', data: asked });
export const refuse = (): FavouriteCommand => ({ type: 'RefuseFavourite', data: asked });
export const park = (nth = 1): FavouriteCommand => ({
  type: 'ParkFavourite',
  data: { ...asked, request: nth },
});
export const clear = (): FavouriteCommand => ({ type: 'ClearFavourite', data: asked });
export const remove = (): FavouriteCommand => ({ type: 'RemoveFavourite', data: asked });
