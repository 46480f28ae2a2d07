import { expect } from 'chai';
import { swapIdOf } from '#shared/swap/number.ts';
import { equipmentUnmatchedEvents, type SwapEvent } from '#shared/swap/events.ts';
import { stationEvents, stationPresenceEvents } from '#shared/station/events.ts';
import { registered } from '#shared/station/examples.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { brokers, type ABroker } from '../support/a-broker.ts';
import { aDevice, textOf } from '../support/a-device.ts';
import {
  aCheckpoint,
  aGateway,
  aStation,
  someEquipment,
  someSwaps,
  topics,
  type AGateway,
} from '../support/a-gateway.ts';

import { waitUntil } from '../support/wait-until.ts';

const OTHER = '5d0b2a52-3c5e-5a0e-9d0a-000000000502';

for (const [name, make] of brokers)
  describe(`Equipment, over ${name}`, function () {
    this.timeout(60_000);
    let broker: ABroker;
    const closers: (() => Promise<unknown>)[] = [];
    const closing = <T extends { stop: () => Promise<unknown> }>(one: T): T => {
      closers.push(one.stop);
      return one;
    };

    before(async () => {
      broker = await make();
    });
    after(() => broker.remove());
    beforeEach(() => broker.start());
    afterEach(async () => {
      for (const close of closers.splice(0)) await close();
      await broker.kill();
    });

    const aDeviceThere = async (version?: 4 | 5) => closing(await aDevice(broker.url, version));

    const stage = () => {
      const eventStore = inMemoryEventStore();
      const checkpoint = aCheckpoint();
      const gateway = async (id = 'gateway-1'): Promise<AGateway> =>
        closing(await aGateway({ url: broker.url, eventStore, checkpoint, id }));
      return { eventStore, gateway, ...someSwaps(eventStore) };
    };
    const typesOf = (events: readonly SwapEvent[]) => events.map(({ type }) => type);
    const unmatchedIn = async ({ eventStore }: ReturnType<typeof stage>) => {
      const day = `equipmentUnmatched-${new Date().toISOString().slice(0, 10)}`;
      const { events } = await eventStore.read(day, equipmentUnmatchedEvents);
      return events.map(({ data }) => [data.why, data.payload]);
    };

    it('is asked in its own words, and is believed', async () => {
      const { gateway, start, statusOf, read, isOver } = stage();
      const device = await aDeviceThere();
      await gateway();
      await start(14);
      await start(15);
      await waitUntil('both were asked for', () => device.texts().length >= 2);
      expect(device.texts()).to.have.members(['transaction {14}', 'transaction {15}']);
      await device.say('confirm transaction {14}\n');
      await device.say('error transaction {15}');
      await waitUntil('both are over', async () => (await isOver(14)) && isOver(15));
      expect([await statusOf(14), await statusOf(15)]).to.deep.equal(['COMPLETED', 'FAILED']);
      const verdict = (await read(14)).find(({ type }) => type === 'SwapCompleted');
      expect(verdict?.meta).to.deep.include({
        correlationId: 'asked-14',
        actor: { id: 'equipment', role: 'equipment' },
      });
    });

    it('is asked in JSON where it speaks it, with all that its broker can carry', async () => {
      const { gateway, start, statusOf, isOver } = stage();
      const { version } = await gateway();
      const spoken = version() ?? 4;
      expect(spoken).to.equal(name === 'Mosquitto' ? 5 : 4);
      const device = await aDeviceThere(spoken);
      await start(14, 'json');
      const topic = `${topics.stations}/${aStation}/VALIDATION`;
      await waitUntil('it was asked', () => device.of(topic).length > 0);
      const [request] = device.of(topic);
      const correlationId = swapIdOf(14);
      expect(JSON.parse(request ? textOf(request) : '')).to.deep.equal({
        ...{ type: 'transaction', correlationId, number: 14, station: aStation },
      });
      if (spoken === 5)
        expect(request?.properties).to.deep.include({
          responseTopic: `${topic}/RESPONSE`,
          correlationData: Buffer.from(correlationId),
          contentType: 'application/json',
        });
      const reply = { correlationId, station: aStation, verdict: 'confirm' };
      await device.say(JSON.stringify(reply), `${topic}/RESPONSE`);
      await waitUntil('it is over', () => isOver(14));
      expect(await statusOf(14)).to.equal('COMPLETED');
    });

    it('is heard once, and what else it says is kept as it came', async () => {
      const all = stage();
      const { gateway, start, read, has } = all;
      const device = await aDeviceThere();
      await gateway();
      await start(14);
      await waitUntil('it is published', () => has(14, 'SwapPublished'));
      for (const words of [
        ...['cnfirm transaction {14}', 'confirm transaction {14}', 'confirm transaction {14}\r\n'],
        ...['error transaction {14}', 'confirm transaction {77}', 'bip'],
      ])
        await device.say(words);
      await device.say(Buffer.from([0xff, 0x00]));
      const reply = { correlationId: swapIdOf(14), station: OTHER, verdict: 'error' };
      await device.say(JSON.stringify(reply), `${topics.stations}/${OTHER}/VALIDATION/RESPONSE`);
      await waitUntil('all of it is kept', async () => (await unmatchedIn(all)).length === 4);
      await waitUntil('all of it is kept', async () => (await read(14)).length === 6);
      expect(await unmatchedIn(all)).to.have.deep.members([
        ['unknown-number', 'confirm transaction {77}'],
        ...[
          ['garbled', 'bip'],
          ['garbled', '/wA='],
        ],
        ['other-station', JSON.stringify(reply)],
      ]);
      const types = typesOf(await read(14));
      expect(types.filter((type) => type === 'EquipmentReplyIgnored')).to.have.length(3);
      expect(
        types.filter((type) => type === 'SwapCompleted' || type === 'SwapFailed'),
      ).to.have.length(1);
    });

    it('is asked when the broker is back, of all that was started meanwhile', async () => {
      const { gateway, start, has } = stage();
      const { isConnected } = await gateway();
      await broker.kill();
      await waitUntil('the broker is missed', () => !isConnected());
      for (let number = 1; number <= 100; number++) await start(number);
      await broker.start();
      const device = await aDeviceThere();
      await waitUntil('all are on record', async () => {
        const done = await Promise.all(
          Array.from({ length: 100 }, (_, nth) => has(nth + 1, 'SwapPublished')),
        );
        return done.every(Boolean);
      });
      expect(device.texts().length).to.be.greaterThan(0);
      await device.say('confirm transaction {7}');
      await waitUntil('a reply is heard again', () => has(7, 'SwapCompleted'));
    });

    it('is asked by the next gateway for what the last one left, and for nothing else', async () => {
      const { gateway, start, has, read } = stage();
      const first = await gateway();
      await start(1);
      await waitUntil('it is published', () => has(1, 'SwapPublished'));
      await first.stop();
      await start(2);
      const device = await aDeviceThere();
      await gateway();
      await waitUntil('the other is published', () => has(2, 'SwapPublished'));
      expect(device.texts()).to.deep.equal(['transaction {2}']);
      expect(typesOf(await read(1))).to.deep.equal(['SwapStarted', 'SwapPublished']);
    });

    it('may answer two gateways at once: one verdict comes of it', async () => {
      const { gateway, start, read, isOver } = stage();
      const equipment = await someEquipment(broker.url, { mode: 'doubled' });
      closers.push(equipment.close);
      await gateway('gateway-1');
      await gateway('gateway-2').catch(() => undefined);
      for (let number = 1; number <= 20; number++) await start(number);
      for (let number = 1; number <= 20; number++)
        await waitUntil('it is over', () => isOver(number));
      for (let number = 1; number <= 20; number++) {
        const verdicts = typesOf(await read(number)).filter((type) =>
          ['SwapCompleted', 'SwapFailed'].includes(type),
        );
        expect(verdicts).to.have.length(1);
      }
    });

    it('says whether it is there, and so does the gateway', async () => {
      const { gateway, eventStore } = stage();
      const event = registered({ stationId: aStation });
      const options = { expected: 'no-stream', meta } as const;
      await eventStore.append(`station-${aStation}`, stationEvents, [event], options);
      const device = await aDeviceThere();
      const running = await gateway();
      const presence = `${topics.gateways}/gateway-1/PRESENCE`;
      const statuses = () => device.of(presence).map(textOf);
      await waitUntil('it is there', () => statuses().at(-1) === '{"status":"online"}');

      const equipment = await someEquipment(broker.url, { mode: 'confirm', stations: [aStation] });
      const seen = async () => {
        const { events } = await eventStore.read(
          `stationPresence-${aStation}`,
          stationPresenceEvents,
        );
        return events.map(({ type }) => type);
      };
      await waitUntil('the station is online', async () => (await seen()).length === 1);
      await device.say('{"status":"offline"}', `${topics.stations}/${aStation}/PRESENCE`, true);
      await waitUntil('the station is offline', async () => (await seen()).length === 2);
      expect(await seen()).to.deep.equal(['EquipmentCameOnline', 'EquipmentWentOffline']);
      await equipment.close();
      await running.stop();
      await waitUntil('it says good-bye', () => statuses().at(-1) === '{"status":"offline"}');
    });
  });
