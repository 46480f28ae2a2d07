import type { CustomerId, ProductId } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { FavouriteCommand } from './commands.ts';
import type { FavouriteEvent } from './events.ts';

export type AskedFor = {
  readonly status: 'REQUESTED' | 'LISTED' | 'REFUSED' | 'PARKED' | 'REMOVED' | 'CLEARED';
  readonly customerId: CustomerId;
  readonly productId: ProductId;
  readonly request: number;
};
export type Favourite = { readonly status: 'none' } | AskedFor;

export type FavouriteRefusal = 'favourite-already-listed' | 'favourite-not-found';
type Outcome = Decision<FavouriteEvent, FavouriteRefusal>;
type About = FavouriteEvent['data'];

const requested = (about: About): Outcome => accept({ type: 'FavouriteRequested', data: about });

/** What has not been decided yet, or was put off, is decided; whatever came first stays. */
const isOpen = ({ status }: AskedFor): boolean => status === 'REQUESTED' || status === 'PARKED';

const MAY_BE_REMOVED: ReadonlySet<AskedFor['status']> = new Set(['REQUESTED', 'LISTED', 'PARKED']);

const onlyIf = (holds: boolean, event: FavouriteEvent): Outcome =>
  holds ? accept(event) : accept();

const again = (about: About, { status, request }: AskedFor): Outcome => {
  switch (status) {
    case 'REQUESTED':
      return accept();
    case 'LISTED':
      return refuse('favourite-already-listed');
    case 'REFUSED':
    case 'PARKED':
    case 'REMOVED':
      return requested({ ...about, request: request + 1 });
    case 'CLEARED':
      return refuse('favourite-not-found');
  }
};

const later = (
  command: Exclude<FavouriteCommand, { type: 'RequestFavourite' }>,
  favourite: AskedFor,
): Outcome => {
  const { customerId, productId, request, status } = favourite;
  const { favouriteId, at } = command.data;
  const data = { favouriteId, customerId, productId, request, at };
  switch (command.type) {
    case 'ListFavourite':
      return onlyIf(isOpen(favourite), { type: 'FavouriteListed', data });
    case 'RefuseFavourite':
      return onlyIf(isOpen(favourite), { type: 'FavouriteRefused', data });
    case 'ParkFavourite': {
      const isOfThis = command.data.request === request;
      return onlyIf(isOfThis && status === 'REQUESTED', { type: 'FavouriteParked', data });
    }
    case 'RemoveFavourite':
      return MAY_BE_REMOVED.has(status)
        ? accept({ type: 'FavouriteRemoved', data })
        : refuse('favourite-not-found');
    case 'ClearFavourite':
      return onlyIf(status !== 'CLEARED', { type: 'FavouriteCleared', data });
  }
};

const decide = (command: FavouriteCommand, favourite: Favourite): Outcome => {
  if (command.type === 'RequestFavourite') {
    const about = { ...command.data, request: 1 };
    return favourite.status === 'none' ? requested(about) : again(about, favourite);
  }
  return favourite.status === 'none' ? refuse('favourite-not-found') : later(command, favourite);
};

const STATUS = {
  FavouriteRequested: 'REQUESTED',
  FavouriteListed: 'LISTED',
  FavouriteRefused: 'REFUSED',
  FavouriteParked: 'PARKED',
  FavouriteRemoved: 'REMOVED',
  FavouriteCleared: 'CLEARED',
} as const;

/** A product in a customer's list: there once, and only if a partner knows it. */
export const favourite: Decider<Favourite, FavouriteCommand, FavouriteEvent, FavouriteRefusal> = {
  initialState: { status: 'none' },
  decide,
  evolve: (_before, { type, data: { customerId, productId, request } }) => ({
    status: STATUS[type],
    customerId,
    productId,
    request,
  }),
};
