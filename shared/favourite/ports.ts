import type { CustomerId, FavouriteId, ProductId } from '#shared/ids.ts';

/** As a partner describes it. */
export type Product = {
  readonly id: string;
  readonly title: string;
  readonly image: string;
  /** As the partner says it; its unit is theirs. */
  readonly price: number;
  readonly brand: string;
  readonly reviewScore?: number;
};

/** `unavailable` says nothing about the product: nobody could be asked. */
export type ProductAnswer =
  | { readonly outcome: 'found'; readonly product: Product }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'unavailable'; readonly why: string };

/** Asks a partner about a product, once. Never throws but when `signal` cuts it off. */
export type AskForProduct = (id: ProductId, signal?: AbortSignal) => Promise<ProductAnswer>;

/** What was found out about a product, and when. */
export type KnownProduct = {
  readonly productId: string;
  /** The last that was heard of it; nothing when it was never found. */
  readonly product: Product | null;
  /** False when the partner does not know it, or not any more. */
  readonly available: boolean;
  readonly fetchedAt: Date;
};

/** What was found out about products, kept for all processes. */
export type ProductStore = {
  readonly read: (ids: readonly string[]) => Promise<readonly KnownProduct[]>;
  /** What is older than what is kept changes nothing. */
  readonly write: (known: KnownProduct) => Promise<void>;
};

/** What is shown of products; `stale` where it is older than it should be. */
export type ShownProduct = {
  readonly product: Product | null;
  readonly available: boolean;
  readonly stale: boolean;
};
export type ProductsOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, ShownProduct>>;

/** Which favourites a customer has, as far as a view has got. */
export type FavouriteIndex = {
  readonly hasReached: (position: bigint) => Promise<boolean>;
  /** So many, beginning after one; those that they removed too. */
  readonly of: (
    customerId: CustomerId,
    after: string | undefined,
    limit: number,
  ) => Promise<readonly FavouriteId[]>;
};
