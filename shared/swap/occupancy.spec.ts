import { expect } from 'chai';
import { specFor } from '#shared/testing/spec-for.ts';
import { admit, admitted, anotherSwap, aSwap, settled, vacate, vacated } from './examples.ts';
import { occupancy } from './occupancy.ts';

const { given } = specFor(occupancy);

describe('What a station is busy with', () => {
  it('takes several transactions, each of them once', () => {
    given().when(admit()).then(admitted());
    given(admitted()).when(admit(anotherSwap)).then(admitted(anotherSwap));
  });

  it('forgets those that have ended', () => {
    const facts = [admitted(), settled(aSwap), admitted(anotherSwap)];
    given(admitted()).when(admit(anotherSwap, aSwap)).then(settled(aSwap), admitted(anotherSwap));
    const { perhapsPending } = facts.reduce(occupancy.evolve, occupancy.initialState);
    expect(perhapsPending.map(({ swapId }) => swapId)).to.deep.equal([anotherSwap]);
  });

  it('keeps it from being vacated while one of them is pending', () => {
    given(admitted()).when(vacate()).thenRefused('station-busy');
    given(admitted(), admitted(anotherSwap)).when(vacate(aSwap)).thenRefused('station-busy');
    given(admitted(), admitted(anotherSwap)).when(vacate(aSwap, anotherSwap)).then(vacated());
  });

  it('ends when it is vacated', () => {
    given().when(vacate()).then(vacated());
    given(vacated()).when(admit()).thenRefused('station-vacated');
  });
});
