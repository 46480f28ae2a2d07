import {
  adjusted,
  anotherPurchase,
  aReseller,
  granted,
  inFebruary,
} from '#shared/cashback-month/examples.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { cashbackAdjustments } from './cashback-adjustments-view.ts';

const { given } = viewSpecFor(cashbackAdjustments);

describe('The cashback adjustments view', () => {
  it('shows what was put right, where it is booked and what it is about', () => {
    const [event] = recorded([adjusted()]);
    given(adjusted()).shows({
      adjustment_id: event?.id ?? '',
      reseller_id: aReseller,
      month: '2026-02',
      about_month: '2026-01',
      purchase_id: anotherPurchase,
      adjustment_in_cents: '-8500',
      adjusted_at: new Date(inFebruary),
      position: '0',
    });
  });

  it('has nothing to show of a grant', () => {
    given(granted()).showsNothing();
  });
});
