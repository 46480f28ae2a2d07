import { specFor } from '#shared/testing/spec-for.ts';
import { station } from './decider.ts';
import {
  batterySet,
  change,
  described,
  protocolChosen,
  register,
  registered,
  remove,
  removed,
} from './examples.ts';

const { given } = specFor(station);

describe('A station', () => {
  it('is registered once', () => {
    given().when(register()).thenOnce(registered()).thenRefused('station-already-registered');
    given(registered(), removed()).when(register()).thenRefused('station-already-registered');
  });

  it('is changed in what is said, and in nothing else', () => {
    given(registered())
      .when(change({ description: 'Posto Augusta' }))
      .then(described());
    given(registered())
      .when(change({ batteryAvailable: false }))
      .then(batterySet(false));
    given(registered())
      .when(change({ protocol: 'json' }))
      .then(protocolChosen());
    given(registered())
      .when(change({ description: 'Posto Augusta', batteryAvailable: false, protocol: 'json' }))
      .then(described(), batterySet(false), protocolChosen());
  });

  it('takes no news of what is so already', () => {
    const same = { description: 'Posto Paulista', batteryAvailable: true } as const;
    given(registered())
      .when(change({ ...same, protocol: 'text' }))
      .then();
    given(registered(), batterySet(false), batterySet(true)).when(change(same)).then();
    given(registered(), protocolChosen('json'))
      .when(change({ protocol: 'json' }))
      .then();
  });

  it('is gone once it was removed', () => {
    given(registered()).when(remove()).thenOnce(removed()).thenRefused('station-not-found');
    given(registered(), removed())
      .when(change({ batteryAvailable: true }))
      .thenRefused('station-not-found');
  });

  it('cannot be changed or removed before there is one', () => {
    given().when(change({})).thenRefused('station-not-found');
    given().when(remove()).thenRefused('station-not-found');
  });
});
