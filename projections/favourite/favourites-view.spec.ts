import { aCustomer, aFavourite, aProduct, happened, noon } from '#shared/favourite/examples.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { favourites } from './favourites-view.ts';

const { given } = viewSpecFor(favourites);
const requested = happened('FavouriteRequested');

describe('The favourites view', () => {
  it('shows what was asked for, and what was decided', () => {
    given(requested).shows({
      ...{ favourite_id: aFavourite, customer_id: aCustomer, product_id: aProduct },
      ...{ status: 'REQUESTED', requested_at: new Date(noon), position: '0' },
    });
    given(requested, happened('FavouriteListed')).shows({ status: 'LISTED', position: '0' });
    given(requested, happened('FavouriteRefused')).shows({ status: 'REFUSED' });
    given(requested, happened('FavouriteParked')).shows({ status: 'PARKED' });
  });

  it('shows what was asked for again as newest', () => {
    const again = happened('FavouriteRequested', 2);
    given(requested, happened('FavouriteRefused'), again).shows({
      status: 'REQUESTED',
      position: '2',
    });
  });

  it('keeps what was removed, until its customer is gone', () => {
    const removed = happened('FavouriteRemoved');
    given(requested, happened('FavouriteListed'), removed).shows({ status: 'REMOVED' });
    given(requested, removed, happened('FavouriteCleared')).showsNothing();
  });
});
