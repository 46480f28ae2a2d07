import { expect } from 'chai';
import { swapIdOf } from '#shared/swap/number.ts';
import { equipmentUnmatchedEvents } from '#shared/swap/events.ts';
import { stationEvents, stationPresenceEvents } from '#shared/station/events.ts';
import { registered } from '#shared/station/examples.ts';
import { meta } from '#shared/testing/recorded.ts';
import { brokers } from '../support/a-broker.ts';
import { textOf } from '../support/a-device.ts';
import { aStation, topics } from '../support/a-gateway.ts';
import { equipmentStage, typesOf } from '../support/equipment-stage.ts';
import { waitUntil } from '../support/wait-until.ts';

const OTHER = '5d0b2a52-3c5e-5a0e-9d0a-000000000502';

for (const [name, make] of brokers)
  describe(`Equipment, over ${name}`, function () {
    this.timeout(180_000);
    const { stage, device: aDeviceThere, equipment: someEquipment } = equipmentStage(make);
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

      const equipment = someEquipment({ mode: 'confirm', stations: [aStation] });
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
