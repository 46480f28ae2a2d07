import type { Knex } from 'knex';
import type { FavouriteIndex } from '#shared/favourite/ports.ts';
import { favouritesTable, favouritesView, type FavouriteRow } from '#shared/favourite/view.ts';
import type { FavouriteId } from '#shared/ids.ts';
import { positionsOf } from '#shared/platform/checkpoint.ts';

/** The view, as an index into the log: only which ones there are is asked for. */
export const favouriteIndexIn = (db: Knex): FavouriteIndex => ({
  hasReached: async (position) => {
    const positions = await positionsOf(db, [favouritesView]);
    return (positions.get(favouritesView) ?? -1n) >= position;
  },
  of: async (customerId, after, limit) => {
    const rows = db<FavouriteRow>(favouritesTable).where({ customer_id: customerId });
    if (after !== undefined) void rows.where('favourite_id', '>', after);
    return rows.orderBy('favourite_id').limit(limit).pluck<FavouriteId[]>('favourite_id');
  },
});
