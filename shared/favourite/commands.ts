import type { CustomerId, FavouriteId } from '#shared/ids.ts';
import { ProductId, type ProductId as Product } from '#shared/ids.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import { closed } from '#shared/kernel/schema.ts';

/** What a caller has to say. */
export const Wish = closed({ productId: ProductId });

type About = { readonly favouriteId: FavouriteId; readonly at: Instant };

export type FavouriteCommand =
  | Message<
      'RequestFavourite',
      About & { readonly customerId: CustomerId; readonly productId: Product }
    >
  | Message<'ListFavourite', About>
  | Message<'RefuseFavourite', About>
  /** Of the request that it was tried for; a later one is tried for itself. */
  | Message<'ParkFavourite', About & { readonly request: number }>
  | Message<'RemoveFavourite', About>
  /** Its customer is gone: whatever became of it, nothing of it is kept. */
  | Message<'ClearFavourite', About>;
