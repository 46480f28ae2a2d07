import { specFor } from '#shared/testing/spec-for.ts';
import { favourite } from './decider.ts';
import { clear, happened, list, park, refuse, remove, request } from './examples.ts';

const { given } = specFor(favourite);
const requested = happened('FavouriteRequested');
const listed = happened('FavouriteListed');
const refused = happened('FavouriteRefused');
const parked = happened('FavouriteParked');
const removed = happened('FavouriteRemoved');
const cleared = happened('FavouriteCleared');

describe('A favourite', () => {
  it('is asked for once, and again changes nothing while that is open', () => {
    given().when(request()).then(requested);
  });

  it('is listed, refused or parked, whatever comes first', () => {
    given(requested).when(list()).then(listed);
    given(requested).when(refuse()).then(refused);
    given(requested).when(park()).then(parked);
    given(requested, refused).when(list()).then();
    given(requested, listed).when(refuse()).then();
    given(requested, listed).when(park()).then();
  });

  it('is decided also after it was parked, when somebody has it tried again', () => {
    given(requested, parked).when(list()).then(listed);
    given(requested, parked).when(refuse()).then(refused);
  });

  it('stands in a list once', () => {
    given(requested, listed).when(request()).thenRefused('favourite-already-listed');
  });

  it('may be asked for again after it was refused, parked or removed', () => {
    const again = happened('FavouriteRequested', 2);
    given(requested, refused).when(request()).then(again);
    given(requested, parked).when(request()).then(again);
    given(requested, listed, removed).when(request()).then(again);
  });

  it('is not parked for an earlier request', () => {
    given(requested, parked, happened('FavouriteRequested', 2)).when(park(1)).then();
  });

  it('is removed while it is in the list or may come into it', () => {
    for (const before of [[requested], [requested, listed], [requested, parked]])
      given(...before)
        .when(remove())
        .thenOnce(removed)
        .thenRefused('favourite-not-found');
    given().when(remove()).thenRefused('favourite-not-found');
    given(requested, refused).when(remove()).thenRefused('favourite-not-found');
  });

  it('goes with its customer for good, also when it was refused or removed', () => {
    for (const before of [refused, listed, removed])
      given(requested, before).when(clear()).then(cleared);
    given(requested, cleared).when(list()).then();
    given(requested, cleared).when(request()).thenRefused('favourite-not-found');
    given(requested, cleared).when(remove()).thenRefused('favourite-not-found');
  });

  it('is not listed once removed', () => {
    given(requested, removed).when(list()).then();
    given(requested, removed).when(refuse()).then();
  });
});
