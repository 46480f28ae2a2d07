/** One row per favourite: projections write it, queries read it, nobody decides by it. */
export const favouritesTable = 'favourites_view';
export const favouritesView = 'favourites';

/** What can be asked for: what was removed shows no more. */
export const FAVOURITE_STATUSES = ['REQUESTED', 'LISTED', 'REFUSED', 'PARKED'] as const;

export type FavouriteRow = {
  readonly favourite_id: string;
  readonly customer_id: string;
  readonly product_id: string;
  /** What was removed is kept for as long as its customer is: it is still about them. */
  readonly status: (typeof FAVOURITE_STATUSES)[number] | 'REMOVED';
  readonly requested_at: Date;
  /** Where it was last asked for in the log: the order of lists. A bigint, in decimal. */
  readonly position: string;
};
