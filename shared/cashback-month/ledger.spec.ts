import { expect } from 'chai';
import type { PurchaseId } from '#shared/ids.ts';
import { specFor } from '#shared/testing/spec-for.ts';
import type { CountedPurchase } from './commands.ts';
import type { CashbackLedgerEvent } from './events.ts';
import {
  adjusted,
  anotherPurchase,
  december,
  eightHundred,
  february,
  grantCashback,
  granted,
  january,
  march,
  settle,
  threeHundred,
} from './examples.ts';
import { cashbackLedger, LINES_PER_EVENT } from './ledger.ts';

const { given } = specFor(cashbackLedger);

describe('A reseller’s cashback', () => {
  it('is granted with the sum, the band, the rules and what each purchase gives', () => {
    given().when(grantCashback()).then(granted());
  });

  it('of a month without purchases is not granted', () => {
    given()
      .when(grantCashback({ purchases: [] }))
      .then();
  });

  it('of each month is granted for itself', () => {
    const line = { ...eightHundred, cashbackInCents: 80_00 };
    given(granted())
      .when(grantCashback({ month: december, purchases: [eightHundred] }))
      .then(
        granted({
          ...{ month: december, purchases: 1, lines: [line] },
          ...{ purchasedInCents: 800_00, percent: '10' },
          ...{ cashbackInCents: 80_00, grantedInCents: 80_00 },
        }),
      );
  });

  it('of a month that was granted stays as it is', () => {
    given(granted())
      .when(grantCashback({ purchases: [eightHundred] }))
      .then();
  });
});

describe('A late decision', () => {
  it('is booked in the open month, as the difference to what had been granted', () => {
    given(granted()).when(settle()).then(adjusted());
  });

  it('is booked when something is added, too', () => {
    const another = { purchaseId: 'another' as PurchaseId, revision: 0, amountInCents: 400_01 };
    given(granted())
      .when(settle(another))
      .then(
        adjusted({
          ...another,
          ...{ purchasedInCents: 1_500_01, percent: '20', cashbackInCents: 300_00 },
          adjustmentInCents: 135_00,
        }),
      );
  });

  it('starts from what was put right before', () => {
    const all = { ...eightHundred, revision: 1, amountInCents: 0 };
    given(granted(), adjusted())
      .when(settle(all))
      .then(
        adjusted({
          ...all,
          ...{ purchasedInCents: 0, percent: '10', cashbackInCents: 0 },
          adjustmentInCents: -80_00,
        }),
      );
  });

  it('is no news once it is booked, nor when an older state of the purchase comes late', () => {
    given(granted(), adjusted()).when(settle()).then();
    given(granted(), adjusted())
      .when(settle({ ...threeHundred, revision: 2 }))
      .then();
    given(granted())
      .when(settle({ ...threeHundred, revision: 0, amountInCents: 1 }))
      .then();
  });

  it('that changes nothing that counts is not booked', () => {
    given(granted())
      .when(settle({ ...threeHundred, revision: 5 }))
      .then();
    given(granted())
      .when(settle({ purchaseId: 'another' as PurchaseId, revision: 3 }))
      .then();
  });

  it('about a month in which the reseller had nothing starts from nothing', () => {
    given()
      .when(settle({ ...threeHundred }))
      .then(
        adjusted({
          ...threeHundred,
          ...{ purchasedInCents: 300_00, percent: '10', cashbackInCents: 30_00 },
          adjustmentInCents: 30_00,
        }),
      );
  });

  it('is booked later when the month it came in was granted meanwhile', () => {
    const inFebruary = granted({ month: february, lines: [], purchases: 0, purchasedInCents: 0 });
    given(granted(), inFebruary)
      .when(settle())
      .then(adjusted({ month: march }));
  });

  it('is part of what is granted for the month in which it is booked', () => {
    const line = { ...eightHundred, purchaseId: anotherPurchase, cashbackInCents: 80_00 };
    const month = { month: february, adjustmentsInCents: -85_00 };
    const one = { purchasedInCents: 800_00, percent: '10', cashbackInCents: 80_00 };
    given(granted(), adjusted())
      .when(
        grantCashback({
          month: february,
          purchases: [{ ...eightHundred, purchaseId: anotherPurchase }],
        }),
      )
      .then(granted({ ...month, ...one, grantedInCents: -5_00, purchases: 1, lines: [line] }));
    given(granted(), adjusted())
      .when(grantCashback({ month: february, purchases: [] }))
      .then(
        granted({
          ...{ ...month, purchasedInCents: 0, percent: '10', cashbackInCents: 0 },
          ...{ grantedInCents: -85_00, purchases: 0, lines: [] },
        }),
      );
  });
});

describe('A grant for very many purchases', () => {
  const purchases = Array.from({ length: 2 * LINES_PER_EVENT + 1 }, (_, nth): CountedPurchase => {
    const purchaseId = String(nth).padStart(6, '0') as PurchaseId;
    return { purchaseId, revision: 0, amountInCents: 100 + nth };
  });

  it('is put on record bit by bit, each purchase once', () => {
    const history: CashbackLedgerEvent[] = [];
    for (;;) {
      const ledger = history.reduce(cashbackLedger.evolve, cashbackLedger.initialState);
      const decision = cashbackLedger.decide(grantCashback({ purchases }), ledger);
      if (decision.outcome === 'refused' || decision.events.length === 0) break;
      history.push(...decision.events);
    }
    expect(history.map(({ type }) => type)).to.deep.equal([
      'CashbackGranted',
      'CashbackGrantContinued',
      'CashbackGrantContinued',
    ]);
    const lines = history.flatMap(({ data }) => ('lines' in data ? data.lines : []));
    expect(lines.map(({ purchaseId }) => purchaseId)).to.deep.equal(
      purchases.map(({ purchaseId }) => purchaseId),
    );
    expect(history[0]?.data).to.include({ purchases: purchases.length, percent: '20' });
    const ledger = history.reduce(cashbackLedger.evolve, cashbackLedger.initialState);
    expect(ledger.months.get(january)?.counted.size).to.equal(purchases.length);
  });
});
