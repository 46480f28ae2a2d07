import { expect } from 'chai';
import { StoreAway, type EventStore } from '#shared/kernel/event-store.ts';
import type { Forwarded } from '#shared/sale/ports.ts';
import { failure } from '#shared/testing/failure.ts';
import { aDueSale, died, partnerSays } from '../../test/support/a-due-sale.ts';

describe('The cashback of a sale', () => {
  describe('cut short between the attempt and its outcome', () => {
    it('is found so by the next process, and not called for again', async () => {
      const { process, calls, events, types } = await aDueSale();
      void process(died).carryOut();
      while (calls.length === 0) await new Promise(setImmediate);
      await process(partnerSays.accepted).carryOut();
      await process(partnerSays.accepted).carryOut();
      expect(calls).to.have.length(1);
      expect(await types()).to.deep.equal(['CashbackForwardAttempted', 'CashbackForwardUncertain']);
      expect((await events()).at(-1)?.data).to.include({ why: 'process-died', body: null });
    });

    it('is accepted after all when the process was only slow', async () => {
      const { process, calls, types } = await aDueSale();
      let answer = (_came: Forwarded) => undefined as unknown;
      const slow = process(() => new Promise((resolve) => (answer = resolve))).carryOut();
      while (calls.length === 0) await new Promise(setImmediate);
      await process(partnerSays.accepted).carryOut();
      answer(partnerSays.accepted);
      await slow;
      expect(calls).to.have.length(1);
      expect((await types()).slice(1)).to.deep.equal([
        'CashbackForwardUncertain',
        'CashbackAccepted',
      ]);
    });

    it('is called for once, though two processes begin at the same moment', async () => {
      const { process, calls } = await aDueSale();
      await Promise.allSettled([
        process(partnerSays.accepted).carryOut(),
        process(partnerSays.accepted).carryOut(),
      ]);
      expect(calls).to.have.length(1);
    });
  });

  describe('while the event store is away', () => {
    const failing = (store: EventStore, which: (nth: number) => 'lost' | 'unanswered' | 'fine') => {
      let nth = 0;
      return {
        ...store,
        append: async (...asked: Parameters<EventStore['append']>) => {
          const how = which(++nth);
          if (how !== 'lost') await store.append(...asked).catch(() => undefined);
          if (how !== 'fine') throw new StoreAway('No answer');
          return { revision: 0n, position: 0n };
        },
      } as EventStore;
    };

    it('is not called for, and known not to have been, be the attempt on record or not', async () => {
      for (const how of ['lost', 'unanswered'] as const) {
        const { process, calls, store, types } = await aDueSale();
        const one = process(
          partnerSays.accepted,
          failing(store, (nth) => (nth === 1 ? how : 'fine')),
        );
        expect(await failure(one.carryOut()), how).to.be.instanceOf(StoreAway);
        expect(calls, how).to.deep.equal([]);
        if (how === 'unanswered') await failure(one.carryOut());
        await one.carryOut();
        expect(calls, how).to.have.length(1);
        expect((await types()).at(-1), how).to.equal('CashbackAccepted');
      }
    });

    it('is not called for again when its outcome could not be put on record at once', async () => {
      const { process, calls, store, types } = await aDueSale();
      const one = process(
        partnerSays.accepted,
        failing(store, (nth) => (nth === 2 ? 'lost' : 'fine')),
      );
      expect(await failure(one.carryOut())).to.be.instanceOf(StoreAway);
      await one.carryOut();
      expect(calls).to.have.length(1);
      expect(await types()).to.deep.equal(['CashbackForwardAttempted', 'CashbackAccepted']);
    });

    it('is a matter of nobody’s knowledge once that process is gone', async () => {
      const { process, calls, store, types } = await aDueSale();
      const one = process(
        partnerSays.accepted,
        failing(store, (nth) => (nth === 1 ? 'unanswered' : 'fine')),
      );
      await failure(one.carryOut());
      await process(partnerSays.accepted).carryOut();
      expect(calls).to.deep.equal([]);
      expect((await types()).at(-1)).to.equal('CashbackForwardUncertain');
    });
  });
});
