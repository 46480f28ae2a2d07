import { expect } from 'chai';
import { stationEvents, stationPresenceEvents } from '#shared/station/events.ts';
import { anotherStation, aStation, noon, registered } from '#shared/station/examples.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { noticingPresence, presenceOf } from './presence.ts';

const stage = async () => {
  const store = inMemoryEventStore();
  const options = { expected: 'no-stream', meta } as const;
  await store.append(`station-${aStation}`, stationEvents, [registered()], options);
  let reads = 0;
  const counting: typeof store = {
    ...store,
    read: (...asked) => {
      reads += 1;
      return store.read(...asked);
    },
  };
  const [one, other] = [
    noticingPresence(counting, () => noon),
    noticingPresence(store, () => noon),
  ];
  const heard = (text: string, { notice } = one, station = aStation) =>
    notice(station, Buffer.from(text));
  const recorded = async (station = aStation) => {
    const { events } = await store.read(`stationPresence-${station}`, stationPresenceEvents);
    return events.map(({ type }) => type);
  };
  return { heard, recorded, forget: one.forget, other, reads: () => reads };
};
const [online, offline] = [presenceOf('online'), presenceOf('offline')];

describe('What a station says of being there', () => {
  it('is on record when it changes, however often it is said', async () => {
    const { heard, recorded, reads } = await stage();
    for (const text of [offline, online, online, online, offline, offline, online])
      await heard(text);
    expect(await recorded()).to.deep.equal([
      ...['EquipmentCameOnline', 'EquipmentWentOffline', 'EquipmentCameOnline'],
    ]);
    expect(reads()).to.equal(2);
  });

  it('is on record once, though two gateways hear it', async () => {
    const { heard, recorded, other } = await stage();
    for (const text of [online, offline, online]) {
      await heard(text);
      await heard(text, other);
    }
    expect(await recorded()).to.have.length(3);
    await heard(offline, other);
    await heard(offline);
    expect(await recorded()).to.have.length(4);
  });

  it('is on record though it was missed in between by whoever hears it now', async () => {
    const { heard, recorded, other, forget } = await stage();
    await heard(online);
    await heard(offline, other);
    forget();
    await heard(online);
    expect(await recorded()).to.have.length(3);
  });

  it('is nothing when there is no such station, or when it says nothing', async () => {
    const { heard, recorded, other } = await stage();
    await heard(online, other, anotherStation);
    for (const text of ['', '{', '{"status":"away"}', 'online']) await heard(text);
    expect(await recorded(anotherStation)).to.deep.equal([]);
    expect(await recorded()).to.deep.equal([]);
  });
});
