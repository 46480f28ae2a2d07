import type { Purchase, PurchaseRefusal, Registered } from '#shared/purchase/decider.ts';
import { PurchaseId } from '#shared/ids.ts';
import { Day } from '#shared/kernel/calendar.ts';
import { amountText } from '#shared/kernel/money.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import type { Refusals } from '#shared/platform/http/route.ts';

export const Status = oneOf(['IN_VALIDATION', 'APPROVED', 'REJECTED', 'WITHDRAWN']);

export const Shown = closed({
  id: PurchaseId,
  code: Type.String(),
  amount: Type.String(),
  date: Day,
  status: Status,
});
export const Decided = closed({ id: PurchaseId, status: Status });

export const refusals: Refusals<PurchaseRefusal> = {
  'purchase-code-taken': { status: 409, title: 'There is a purchase with this code' },
  'purchase-not-found': { status: 404, title: 'No such purchase' },
  'purchase-not-in-validation': {
    status: 409,
    title: 'Only a purchase in validation can be changed or withdrawn',
  },
  'purchase-already-decided': { status: 409, title: 'This purchase had another verdict' },
  'month-closed': { status: 409, title: 'The month of this purchase is closed' },
};

/** What an accepted command left. */
export const there = (purchase: Purchase): Registered => {
  if (purchase.status === 'none') throw new Error('An accepted command left no purchase');
  return purchase;
};

export const shownAs = (purchase: Purchase) => {
  const { purchaseId: id, code, amountInCents, date, status } = there(purchase);
  return { id, code, amount: amountText(amountInCents), date, status };
};
