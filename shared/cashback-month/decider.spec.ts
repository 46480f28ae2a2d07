import { specFor } from '#shared/testing/spec-for.ts';
import { cashbackMonth } from './decider.ts';
import {
  close,
  complete,
  february,
  january,
  march,
  monthClosed,
  monthGranted,
} from './examples.ts';

const { given } = specFor(cashbackMonth);

describe('A month of cashback', () => {
  it('is closed once it is over', () => {
    given().when(close()).then(monthClosed());
    given()
      .when(close({ thisMonth: march }))
      .then(monthClosed());
  });

  it('is not closed while it lasts, nor before it begins', () => {
    given()
      .when(close({ thisMonth: january }))
      .thenRefused('month-not-over');
    given()
      .when(close({ month: march, thisMonth: february }))
      .thenRefused('month-not-over');
  });

  it('is not closed a second time', () => {
    given(monthClosed()).when(close()).then();
    given(monthClosed(), monthGranted()).when(close()).then();
  });

  it('is granted once everybody has what they are due, and not before it is closed', () => {
    given().when(complete()).then();
    given(monthClosed()).when(complete()).then(monthGranted());
  });
});
