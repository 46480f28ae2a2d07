import { favouriteEvents } from '#shared/favourite/events.ts';
import { favouritesTable, favouritesView, type FavouriteRow } from '#shared/favourite/view.ts';
import type { View } from '../view.ts';

type FavouritesView = View<(typeof favouriteEvents)['schemas'], FavouriteRow>;

const evolve: FavouritesView['evolve'] = (row, { type, data, position }) => {
  const decided = (status: FavouriteRow['status']) => row && { ...row, status };
  switch (type) {
    case 'FavouriteRequested':
      return {
        favourite_id: data.favouriteId,
        customer_id: data.customerId,
        product_id: data.productId,
        status: 'REQUESTED',
        requested_at: new Date(data.at),
        position: String(position),
      };
    case 'FavouriteListed':
      return decided('LISTED');
    case 'FavouriteRefused':
      return decided('REFUSED');
    case 'FavouriteParked':
      return decided('PARKED');
    case 'FavouriteRemoved':
      return decided('REMOVED');
    case 'FavouriteCleared':
      return undefined;
  }
};

export const favourites: FavouritesView = {
  name: favouritesView,
  version: 2,
  table: favouritesTable,
  key: 'favourite_id',
  events: favouriteEvents,
  columns: (table) => {
    table.uuid('favourite_id').primary();
    table.uuid('customer_id').notNullable();
    table.uuid('product_id').notNullable();
    table.text('status').notNullable();
    table.timestamp('requested_at').notNullable();
    table.bigint('position').notNullable();
    table.index(['customer_id', 'status', 'position']);
  },
  keyOf: ({ data }) => data.favouriteId,
  evolve,
};
