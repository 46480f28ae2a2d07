import { specFor } from '#shared/testing/spec-for.ts';
import { effect } from './decider.ts';
import { park, parked, retry, retryRequested } from './examples.ts';

const { given } = specFor(effect);

describe('An effect', () => {
  it('is put on record when it is given up', () => {
    given().when(park()).then(parked());
  });

  it('is tried afresh when an operator wants it, once for each time it was given up', () => {
    given(parked()).when(retry()).thenOnce(retryRequested(1)).thenRefused('effect-not-parked');
    given(parked(), retryRequested(1), parked(1))
      .when(retry())
      .thenOnce(retryRequested(2))
      .thenRefused('effect-not-parked');
  });

  it('is not tried afresh while it is still being tried', () => {
    given().when(retry()).thenRefused('effect-not-parked');
    given(parked(), retryRequested()).when(retry()).thenRefused('effect-not-parked');
  });

  it('is given up again, if it fails again', () => {
    given(parked(), retryRequested(1)).when(park(1)).then(parked(1));
  });

  it('is not given up by whoever speaks of an earlier round', () => {
    given(parked(), retryRequested(1)).when(park(0)).then();
  });
});
