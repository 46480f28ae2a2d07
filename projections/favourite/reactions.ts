import { customerEvents } from '#shared/customer/events.ts';
import { favouriteEvents } from '#shared/favourite/events.ts';
import type { Reaction } from '../reaction.ts';

/** What carries them out. */
export const LIST_FAVOURITE = 'list-favourite';
export const CLEAR_FAVOURITES = 'clear-favourites';

const nothing = () => undefined;

/** Whatever is asked for is looked up with the partner, and then listed or refused. */
export const listRequestedFavourite: Reaction<(typeof favouriteEvents)['schemas']> = {
  name: 'list-requested-favourite',
  events: favouriteEvents,
  begin: 'beginning',
  on: {
    FavouriteRequested: ({ data }) => ({
      kind: LIST_FAVOURITE,
      stream: `favourite-${data.favouriteId}`,
      data: { favouriteId: data.favouriteId, request: String(data.request) },
    }),
    FavouriteListed: nothing,
    FavouriteRefused: nothing,
    FavouriteParked: nothing,
    FavouriteRemoved: nothing,
    FavouriteCleared: nothing,
  },
};

/** A list goes with its customer. */
export const clearFavouritesOfRemovedCustomer: Reaction<(typeof customerEvents)['schemas']> = {
  name: 'clear-favourites-of-removed-customer',
  events: customerEvents,
  begin: 'beginning',
  on: {
    CustomerRegistered: nothing,
    CustomerRenamed: nothing,
    CustomerEmailChanged: nothing,
    CustomerRemoved: ({ data, position }) => ({
      kind: CLEAR_FAVOURITES,
      stream: `customer-${data.customerId}`,
      data: { customerId: data.customerId, position: String(position) },
    }),
  },
};
