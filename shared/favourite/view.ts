/** One row per favourite: projections write it, queries read it, nobody decides by it. */
export const favouritesTable = 'favourites_view';
export const favouritesView = 'favourites';

export const FAVOURITE_STATUSES = ['REQUESTED', 'LISTED', 'REFUSED', 'PARKED'] as const;

export type FavouriteRow = {
  readonly favourite_id: string;
  readonly customer_id: string;
  readonly product_id: string;
  readonly status: (typeof FAVOURITE_STATUSES)[number];
  readonly requested_at: Date;
  /** Where it was last asked for in the log: the order of lists. A bigint, in decimal. */
  readonly position: string;
};
