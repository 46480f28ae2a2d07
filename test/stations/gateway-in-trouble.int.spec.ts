import { expect } from 'chai';
import { brokers } from '../support/a-broker.ts';
import { equipmentStage, typesOf } from '../support/equipment-stage.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Whoever is not heard by then is asked again: what is kept for somebody else is not heard. */
const AT_ONCE_MS = 5_000;
const LONGEST_KEPT_MS = 60_000;
const eitherWay = [() => true, () => false] as const;

for (const [name, make] of brokers)
  describe(`Equipment in trouble, over ${name}`, function () {
    this.timeout(180_000);
    const { broker, stage, device: aDeviceThere, equipment } = equipmentStage(make);

    it('is asked when the broker is back, of all that was started meanwhile', async () => {
      const { gateway, start, has } = stage();
      const { isConnected } = await gateway();
      await broker().kill();
      await waitUntil('the broker is missed', () => !isConnected());
      for (let number = 1; number <= 100; number++) await start(number);
      await broker().start();
      const device = await aDeviceThere();
      await waitUntil('all are on record', async () => {
        const done = await Promise.all(
          Array.from({ length: 100 }, (_, nth) => has(nth + 1, 'SwapPublished')),
        );
        return done.every(Boolean);
      });
      await waitUntil('the equipment was asked', () => device.texts().length > 0);
      await device.say('confirm transaction {7}');
      await waitUntil('a reply is heard again', () => has(7, 'SwapCompleted'));
    });

    it('is asked by the next gateway for what the last one left, and for nothing else', async () => {
      const { gateway, start, has } = stage();
      const first = await gateway();
      const other = await aDeviceThere();
      await start(1);
      await waitUntil('it is published', () => has(1, 'SwapPublished'));
      await other.say('confirm transaction {1}');
      await waitUntil('it is over', () => has(1, 'SwapCompleted'));
      await first.stop();
      await start(2);
      const device = await aDeviceThere();
      await gateway();
      await waitUntil('the other is published', () => has(2, 'SwapPublished'));
      // The broker has it by then; the equipment has it a moment later.
      await waitUntil('the equipment was asked', () => device.texts().length > 0);
      expect(device.texts()).to.deep.equal(['transaction {2}']);
    });

    it('is asked again for what was not answered when the broker was killed', async () => {
      const { gateway, start, has, read, statusOf } = stage();
      await gateway();
      await start(1);
      await start(2);
      for (const number of [1, 2])
        await waitUntil('it is published', () => has(number, 'SwapPublished'));
      const first = await aDeviceThere();
      await first.say('confirm transaction {2}');
      await waitUntil('one is over', () => has(2, 'SwapCompleted'));
      await broker().kill();
      await broker().start();
      const device = await aDeviceThere();
      await waitUntil('it was asked again', () => device.texts().length > 0);
      await device.say('error transaction {1}');
      await waitUntil('the other is over', () => has(1, 'SwapFailed'));
      expect(new Set(device.texts())).to.deep.equal(new Set(['transaction {1}']));
      const publications = (await read(1)).flatMap((event) =>
        event.type === 'SwapPublished' ? [event.data.answerBy] : [],
      );
      expect(publications.length).to.be.greaterThan(1);
      expect(new Set(publications).size).to.equal(1);
      expect(await statusOf(2)).to.equal('COMPLETED');
    });

    it('may answer two gateways at once: one verdict comes of it', async () => {
      const { gateway, start, read, isOver } = stage();
      equipment({ mode: 'doubled' });
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

    it('is heard at once by the gateway that is left, soon after another is gone', async () => {
      const { gateway, start, read, isOver } = stage();
      await gateway('gateway-1');
      const other = await gateway('gateway-2');
      equipment({ mode: 'random' });
      await other.stop();
      let last = 0;
      const eightAreHeardAtOnce = async () => {
        const numbers = Array.from({ length: 8 }, () => (last += 1));
        for (const number of numbers) await start(number);
        const areOver = async () => (await Promise.all(numbers.map(isOver))).every(Boolean);
        const isDone = await waitUntil('they are over', areOver, AT_ONCE_MS).then(...eitherWay);
        const asked = (await Promise.all(numbers.map(read))).flatMap(typesOf);
        return isDone && asked.filter((type) => type === 'SwapPublished').length === 8;
      };
      await waitUntil('none is kept for the other', eightAreHeardAtOnce, LONGEST_KEPT_MS);
      const all = Array.from({ length: last }, (_, nth) => nth + 1);
      for (const number of all) await waitUntil(`${number} is over`, () => isOver(number));
    });
  });
