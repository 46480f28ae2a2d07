import { expect } from 'chai';
import { array, assert, asyncProperty, constantFrom, oneof, record } from 'fast-check';
import type { Month } from '#shared/kernel/calendar.ts';
import { aCashbackLog, cashbackViews } from '../support/a-cashback-log.ts';
import { aDatabase } from '../support/a-database.ts';
import { aStep, RESELLERS } from '../support/some-steps.ts';

const SEED = 20_260_310;
const RUNS = 25;
const PURCHASES = 8;
const MONTHS = ['2025-12', '2026-01', '2026-02'] as Month[];

describe('Months that are closed at any time', function () {
  this.timeout(180_000);
  const database = aDatabase(cashbackViews);

  it('give no less and no more than is due, whatever happens in between', async () => {
    const move = oneof(
      {
        weight: 12,
        arbitrary: record({ step: aStep(PURCHASES), knows: constantFrom(true, false) }),
      },
      { weight: 1, arbitrary: record({ close: constantFrom(...MONTHS) }) },
      { weight: 2, arbitrary: record({ work: constantFrom('grant', 'catch up') }) },
    );
    const seen = { adjusted: 0, granted: 0 };

    await assert(
      asyncProperty(array(move, { minLength: 30, maxLength: 60 }), async (moves) => {
        const log = await aCashbackLog(database());
        const closed = new Set<Month>();
        for (const one of moves) {
          if ('close' in one) await log.closing(one.close).then(() => closed.add(one.close));
          else if ('work' in one) await (one.work === 'grant' ? log.grantAll() : log.catchUp());
          else await log.ask(one.step, one.knows ? [...closed] : []);
        }
        for (const month of MONTHS) await log.closing(month);
        await log.grantAll();
        await log.settleAll();
        await log.settleAll();

        const ledger = await log.ledger();
        for (const resellerId of RESELLERS)
          for (const month of MONTHS) {
            const own = ledger.filter(({ data }) => data.resellerId === resellerId);
            const given = own.reduce((sum, { type, data }) => {
              if (type === 'CashbackGranted')
                return data.month === month ? sum + data.cashbackInCents : sum;
              return type === 'CashbackAdjusted' && data.about === month
                ? sum + data.adjustmentInCents
                : sum;
            }, 0);
            expect(given).to.equal(log.fromZero(resellerId, month).cashbackInCents);
          }
        seen.granted += ledger.filter(({ type }) => type === 'CashbackGranted').length;
        seen.adjusted += ledger.filter(({ type }) => type === 'CashbackAdjusted').length;
      }),
      { seed: SEED, numRuns: RUNS },
    );
    // Runs in which nothing came late would have proved nothing.
    expect(seen.granted).to.be.greaterThan(RUNS);
    expect(seen.adjusted).to.be.greaterThan(RUNS);
  });
});
