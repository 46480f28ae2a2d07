import { expect } from 'chai';
import type { StationId } from '#shared/ids.ts';
import { swapIdOf } from '#shared/swap/number.ts';
import { verdictOf } from '../../embedded/equipment/answers.ts';
import { brokers } from '../support/a-broker.ts';
import { aBystander, type ABystander } from '../support/a-bystander.ts';
import { textOf } from '../support/a-device.ts';
import { aStation, topics } from '../support/a-gateway.ts';
import { equipmentStage, typesOf } from '../support/equipment-stage.ts';
import { waitUntil } from '../support/wait-until.ts';

const OTHER = '5d0b2a52-3c5e-5a0e-9d0a-000000000502' as StationId;
const SEED = 'a seed';
const asked = (station: StationId) => `${topics.stations}/${station}/VALIDATION`;

for (const [name, make] of brokers)
  describe(`Equipment that speaks JSON, over ${name}`, function () {
    this.timeout(180_000);
    const { stage, broker, equipment } = equipmentStage(make);
    let bystander: ABystander | undefined;
    afterEach(() => bystander?.stop());

    /** A gateway that has found out what the broker speaks, and somebody who listens in on it. */
    const overheard = async () => {
      const all = stage();
      const gateway = await all.gateway();
      const version = gateway.version() ?? 4;
      const there = await aBystander(broker().url, version);
      bystander = there;
      return { ...all, version, bystander: there };
    };

    it('is asked and answers on topics of its own, each by its station', async () => {
      const { start, isOver, statusOf, version, bystander: there } = await overheard();
      equipment({ mode: 'random', seed: SEED });
      const transactions = [14, 15, 16, 17].map(
        (number) => [number, number % 2 ? OTHER : aStation] as const,
      );
      for (const [number, station] of transactions) await start(number, 'json', station);
      for (const [number, station] of transactions) {
        await waitUntil('it is over', () => isOver(number));
        const said = verdictOf('random', SEED, String(number));
        expect(await statusOf(number)).to.equal(said === 'confirm' ? 'COMPLETED' : 'FAILED');
        const correlationId = swapIdOf(number);
        const seen = (topic: string) =>
          there.on(topic).filter((packet) => textOf(packet).includes(correlationId));
        await waitUntil('it was overheard', () => seen(`${asked(station)}/RESPONSE`).length > 0);
        const [request, reply] = [seen(asked(station))[0], seen(`${asked(station)}/RESPONSE`)[0]];
        expect(JSON.parse(reply ? textOf(reply) : '')).to.deep.equal({
          ...{ correlationId, number, station, verdict: said },
        });
        const beside = { correlationData: Buffer.from(correlationId) };
        const contentType = 'application/json';
        const responseTopic = `${asked(station)}/RESPONSE`;
        expect([request?.properties, reply?.properties]).to.deep.equal(
          version === 5
            ? [
                { ...beside, contentType, responseTopic },
                { ...beside, contentType },
              ]
            : [undefined, undefined],
        );
      }
    });

    it('is believed by what it says beside the payload only where that is the same', async () => {
      const { start, has, read, isOver, statusOf, version, bystander: there } = await overheard();
      await start(14, 'json');
      await waitUntil('it was asked', () => has(14, 'SwapPublished'));
      const reply = (verdict: string) =>
        JSON.stringify({ correlationId: swapIdOf(14), station: aStation, verdict });
      const topic = `${asked(aStation)}/RESPONSE`;
      await there.say(topic, reply('error'), swapIdOf(15));
      await there.say(topic, reply('confirm'), swapIdOf(14));
      await waitUntil('it is over', () => isOver(14));
      const isKept = async () => typesOf(await read(14)).includes('EquipmentReplyIgnored');
      await waitUntil('the other is kept', isKept);
      // MQTT 3.1.1 has nothing beside the payload: there, the first of the two was as good.
      expect(await statusOf(14)).to.equal(version === 5 ? 'COMPLETED' : 'FAILED');
    });
  });
