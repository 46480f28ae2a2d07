import {
  aStation,
  batterySet,
  cameOnline,
  described,
  noon,
  protocolChosen,
  registered,
  removed,
  wentOffline,
} from '#shared/station/examples.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { stations } from './stations-view.ts';

const { given } = viewSpecFor(stations);

describe('The stations view', () => {
  it('shows a station as it was registered, and as it was changed', () => {
    given(registered()).shows({
      ...{ station_id: aStation, description: 'Posto Paulista', battery_available: true },
      ...{ protocol: 'text', online: null, position: '0', revision: 0 },
    });
    given(registered(), described(), batterySet(false), protocolChosen()).shows({
      ...{ description: 'Posto Augusta', battery_available: false, protocol: 'json' },
      revision: 3,
    });
  });

  it('shows whether equipment is there, and keeps the revision that operators see', () => {
    const since = { online_since: new Date(noon), revision: 0 };
    given(registered(), cameOnline()).shows({ ...since, online: true });
    given(registered(), cameOnline(), wentOffline()).shows({ ...since, online: false });
  });

  it('shows nothing of a station that was removed, or that never was', () => {
    given(registered(), removed()).showsNothing();
    given(registered(), removed(), wentOffline()).showsNothing();
    given(cameOnline()).showsNothing();
  });
});
