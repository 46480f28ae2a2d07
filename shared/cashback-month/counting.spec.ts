import { expect } from 'chai';
import {
  approved,
  changed,
  inDecember,
  january,
  registered,
  rejected,
  withdrawn,
} from '#shared/purchase/examples.ts';
import { countedIn, countingAfter } from './counting.ts';
import { december } from './examples.ts';

describe('What a purchase counts', () => {
  it('is its amount in the month of its day, whether it is decided or not', () => {
    const expected = { month: january, amountInCents: 80_000 };
    expect(countingAfter([registered()])).to.deep.equal(expected);
    expect(countingAfter([registered(), approved()])).to.deep.equal(expected);
  });

  it('follows a change', () => {
    const events = [registered(), changed({ amountInCents: 5, date: inDecember })];
    expect(countingAfter(events)).to.deep.equal({ month: december, amountInCents: 5 });
    expect(countedIn(december, events)).to.equal(5);
    expect(countedIn(january, events)).to.equal(0);
  });

  it('is nothing once it is rejected or withdrawn, or before there is any', () => {
    for (const events of [[], [registered(), rejected()], [registered(), withdrawn()]]) {
      expect(countingAfter(events)).to.equal(undefined);
      expect(countedIn(january, events)).to.equal(0);
    }
  });
});
