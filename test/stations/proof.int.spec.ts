import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { systemClock } from '#shared/kernel/message.ts';
import type { SwapEvent } from '#shared/swap/events.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { answersTo, type Verdict } from '../../embedded/equipment/answers.ts';
import { brokers, type ABroker } from '../support/a-broker.ts';
import { aCheckpoint, aGateway, someEquipment, someSwaps } from '../support/a-gateway.ts';

// TRANSACTIONS=10000 proves it of as many; it takes some minutes then.
const TRANSACTIONS = Number(process.env['TRANSACTIONS'] ?? 600);
const STARTED_AT_ONCE = 5;
const TIMEOUT_MS = 3_000;
const PLAN = { mode: 'mixed', seed: 'a seed', lateMs: 4_500 } as const;
/**
 * A broker that is killed forgets whom it had to hand requests to: those expire. The others, so many
 * at least, do not.
 */
const LEAST_ANSWERED = TRANSACTIONS / 10;
const LONGEST_MS = 60_000 + TRANSACTIONS * 60;

const numbers = Array.from({ length: TRANSACTIONS }, (_, nth) => nth + 1);

/** The verdicts that equipment means to give of a transaction, and is in time with. */
const meant = (number: number): readonly Verdict[] =>
  answersTo(String(number), PLAN).flatMap(({ says, afterMs }) =>
    says === 'garbled' || afterMs >= TIMEOUT_MS ? [] : [says],
  );
const ENDS: ReadonlySet<string> = new Set(['SwapCompleted', 'SwapFailed', 'SwapExpired']);

type Judgement = 'right' | 'wrong' | 'lost';

/** Against what the equipment meant, which nobody but the spec knows. */
const judged = (number: number, events: readonly SwapEvent[]): Judgement => {
  const ends = events.map(({ type }) => type).filter((type) => ENDS.has(type));
  const [end] = ends;
  if (ends.length !== 1 || end === undefined) return 'wrong';
  if (end === 'SwapExpired') return meant(number).length > 0 ? 'lost' : 'right';
  const verdict = end === 'SwapCompleted' ? 'confirm' : 'error';
  const said = answersTo(String(number), PLAN).map(({ says }) => says);
  return said.includes(verdict) ? 'right' : 'wrong';
};

for (const [name, make] of brokers)
  describe(`Every transaction over ${name}`, function () {
    this.timeout(LONGEST_MS * 2);
    let broker: ABroker;

    before(async () => {
      broker = await make();
      await broker.start();
    });
    after(() => broker.remove());

    it('has one end, and the right one, while broker and gateway are killed under load', async () => {
      const eventStore = inMemoryEventStore();
      const { start, read, isOver, expireDue } = someSwaps(eventStore);
      const deps = { url: broker.url, eventStore, checkpoint: aCheckpoint() };
      const equipment = await someEquipment(broker.url, PLAN);
      let gateway = await aGateway({ ...deps, timeoutMs: TIMEOUT_MS });
      const trouble = [
        async () => {
          await broker.kill();
          await broker.start();
        },
        async () => {
          await gateway.stop();
          gateway = await aGateway({ ...deps, timeoutMs: TIMEOUT_MS });
        },
      ];
      const kills = 4;
      let disturbed: Promise<void> = Promise.resolve();
      for (const number of numbers) {
        await start(number, number % 2 ? 'text' : 'json');
        if (number % STARTED_AT_ONCE === 0) await pause(20);
        if (number % Math.ceil(TRANSACTIONS / (kills + 1)) === 0)
          disturbed = disturbed.then(trouble[Math.floor((number * kills) / TRANSACTIONS) % 2]);
      }
      await disturbed;

      const until = performance.now() + LONGEST_MS;
      let open: readonly number[] = numbers;
      while (open.length > 0 && performance.now() < until) {
        await expireDue(open, systemClock());
        const over = await Promise.all(open.map(isOver));
        open = open.filter((_, nth) => !over[nth]);
        await pause(100);
      }
      expect(open, 'without an end').to.deep.equal([]);
      await equipment.close();
      await gateway.stop();

      const verdicts = await Promise.all(
        numbers.map(async (number) => judged(number, await read(number))),
      );
      const count = (of: Judgement) => verdicts.filter((verdict) => verdict === of).length;
      expect(count('wrong')).to.equal(0);
      const lost = count('lost');
      expect(TRANSACTIONS - lost).to.be.greaterThan(LEAST_ANSWERED);
      if (TRANSACTIONS > 1_000) console.log(`${TRANSACTIONS} over ${name}: ${lost} lost by kills`);
    });
  });
