import { expect } from 'chai';
import { adjusted, granted, inFebruary } from '#shared/cashback-month/examples.ts';
import {
  anotherPurchase,
  aReseller,
  approved,
  changed,
  inDecember,
  registered,
  rejected,
  withdrawn,
} from '#shared/purchase/examples.ts';
import type { CashbackLedgerEvent } from '#shared/cashback-month/events.ts';
import type { PurchaseEvent } from '#shared/purchase/events.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { resellerMonths } from './reseller-months-view.ts';

const { given } = viewSpecFor(resellerMonths, `${aReseller}/2026-01`);
const december = viewSpecFor(resellerMonths, `${aReseller}/2025-12`);
const threeHundred = { purchaseId: anotherPurchase, amountInCents: 300_00 };

const month = (purchases: number, purchased: number, percent: string, cashback: number) => ({
  purchases,
  purchased_in_cents: String(purchased),
  percent,
  cashback_in_cents: String(cashback),
});

describe('The months of a reseller', () => {
  it('have their sum, and the percentage that it leads to', () => {
    given(registered()).shows({
      ...{ reseller_id: aReseller, month: '2026-01', rule_set: '1', granted_at: null },
      ...month(1, 800_00, '10', 80_00),
    });
    given(registered(), registered(threeHundred)).shows(month(2, 1_100_00, '15', 165_00));
  });

  it('change their band from a cent to the next', () => {
    const one = (amountInCents: number) => given(registered({ amountInCents }));
    one(1_000_00).shows(month(1, 1_000_00, '10', 100_00));
    one(1_000_01).shows(month(1, 1_000_01, '15', 150_00));
    one(1_500_00).shows(month(1, 1_500_00, '15', 225_00));
    one(1_500_01).shows(month(1, 1_500_01, '20', 300_00));
  });

  it('fall back when a purchase is rejected or withdrawn, and not when it is approved', () => {
    const both = [registered(), registered(threeHundred)];
    given(...both, rejected(threeHundred)).shows(month(1, 800_00, '10', 80_00));
    given(...both, withdrawn(threeHundred)).shows(month(1, 800_00, '10', 80_00));
    given(...both, approved()).shows(month(2, 1_100_00, '15', 165_00));
    given(registered(), rejected()).shows(month(0, 0, '10', 0));
  });

  it('never mix: a purchase that is moved leaves one and enters the other', () => {
    const events = [registered(), changed({ date: inDecember, amountInCents: 1_000_01 })] as const;
    given(...events).shows(month(0, 0, '10', 0));
    december.given(changed({ date: inDecember, amountInCents: 1_000_01 })).shows({
      ...month(1, 1_000_01, '15', 150_00),
      month: '2025-12',
    });
  });

  it('follow a change of the amount', () => {
    given(registered(), changed({ amountInCents: 1_500_01 })).shows(
      month(1, 1_500_01, '20', 300_00),
    );
  });

  it('stay as they were granted, whatever happens afterwards', () => {
    given(registered(), registered(threeHundred), granted(), rejected(threeHundred)).shows({
      ...month(2, 1_100_00, '15', 165_00),
      granted_at: new Date(inFebruary),
    });
  });

  it('have what is booked in them for earlier ones', () => {
    const february = viewSpecFor(resellerMonths, `${aReseller}/2026-02`);
    february
      .given(adjusted(), adjusted({ adjustmentInCents: 5 }))
      .shows({ ...month(0, 0, '10', 0), adjustments_in_cents: '-8495' });
  });

  it('are those that an event is about', () => {
    const keysOf = (event: PurchaseEvent | CashbackLedgerEvent) =>
      recorded([event]).flatMap((one) =>
        'keysOf' in resellerMonths ? resellerMonths.keysOf(one) : [],
      );
    const inJanuary = `${aReseller}/2026-01`;
    expect(keysOf(registered())).to.deep.equal([inJanuary]);
    expect(keysOf(changed({ amountInCents: 1 }))).to.deep.equal([inJanuary]);
    expect(keysOf(changed({ date: inDecember }))).to.have.members([
      inJanuary,
      `${aReseller}/2025-12`,
    ]);
    expect(keysOf(approved())).to.deep.equal([]);
    expect(keysOf(adjusted())).to.deep.equal([`${aReseller}/2026-02`]);
  });
});
