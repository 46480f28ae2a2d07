import { expect } from 'chai';
import { adjusted, continued, eightHundred, granted } from '#shared/cashback-month/examples.ts';
import {
  anotherPurchase,
  aPurchase,
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
import { purchases } from './purchases-view.ts';

const { given } = viewSpecFor(purchases);

describe('The purchases view', () => {
  it('shows what was registered, in validation', () => {
    given(registered()).shows({
      purchase_id: aPurchase,
      code: 'A-1',
      reseller_id: aReseller,
      amount_in_cents: '80000',
      date: '2026-01-10',
      month: '2026-01',
      status: 'IN_VALIDATION',
      withdrawn: false,
      granted_month: null,
      position: '0',
      revision: 0,
    });
  });

  it('follows a change of amount, day and month, and keeps its place in lists', () => {
    given(registered(), changed({ amountInCents: 5, date: inDecember })).shows({
      amount_in_cents: '5',
      date: '2025-12-31',
      month: '2025-12',
      position: '0',
      revision: 1,
    });
  });

  it('shows what became of it', () => {
    given(registered(), approved()).shows({ status: 'APPROVED', withdrawn: false, revision: 1 });
    given(registered(), rejected()).shows({ status: 'REJECTED', withdrawn: false });
    given(registered(), withdrawn()).shows({ status: 'WITHDRAWN', withdrawn: true });
  });

  it('keeps what was granted for it, which is no revision of its own', () => {
    given(registered(), granted(), rejected()).shows({
      granted_month: '2026-01',
      granted_percent: '15',
      granted_amount_in_cents: '80000',
      granted_cashback_in_cents: '12000',
      status: 'REJECTED',
    });
    given(registered(), granted()).shows({ revision: 0 });
    given(registered(), continued([{ ...eightHundred, cashbackInCents: 1 }])).shows({
      granted_percent: '15',
      granted_cashback_in_cents: '1',
    });
    given(registered(), continued()).shows({ granted_month: null });
  });

  it('is about every purchase of a grant, and nothing else of a ledger', () => {
    const keysOf = (event: PurchaseEvent | CashbackLedgerEvent) =>
      recorded([event]).flatMap((one) => ('keysOf' in purchases ? purchases.keysOf(one) : []));
    expect(keysOf(registered())).to.deep.equal([aPurchase]);
    expect(keysOf(granted())).to.deep.equal([aPurchase, anotherPurchase]);
    expect(keysOf(adjusted())).to.deep.equal([]);
  });
});
