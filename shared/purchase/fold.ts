import type { Fold } from '#shared/kernel/fold.ts';
import { monthOf, type Day } from '#shared/kernel/calendar.ts';
import { purchaseEvents } from './events.ts';
import type { PurchaseRow } from './view.ts';

type PurchaseFold = Fold<(typeof purchaseEvents)['schemas'], PurchaseRow>;

const contentOf = (content: { readonly amountInCents: number; readonly date: Day }) => ({
  amount_in_cents: String(content.amountInCents),
  date: content.date,
  month: monthOf(content.date),
});

const statusOf = (status: PurchaseRow['status']) => ({
  status,
  withdrawn: status === 'WITHDRAWN',
});

const NOT_GRANTED = {
  granted_month: null,
  granted_percent: null,
  granted_amount_in_cents: null,
  granted_cashback_in_cents: null,
};

const evolve: PurchaseFold['evolve'] = (row, { type, data, position, revision: at }) => {
  const revision = Number(at);
  const changed = (changes: Partial<PurchaseRow>) => row && { ...row, ...changes, revision };

  switch (type) {
    case 'PurchaseRegistered':
      return {
        ...{ purchase_id: data.purchaseId, code: data.code, reseller_id: data.resellerId },
        ...{ ...contentOf(data), ...statusOf('IN_VALIDATION'), ...NOT_GRANTED },
        ...{ position: String(position), revision },
      };
    case 'PurchaseChanged':
      return changed(contentOf(data.after));
    case 'PurchaseWithdrawn':
      return changed(statusOf('WITHDRAWN'));
    case 'PurchaseApproved':
      return changed(statusOf('APPROVED'));
    case 'PurchaseRejected':
      return changed(statusOf('REJECTED'));
  }
};

/** A purchase by what happened to it alone: what was granted for it is on its reseller's record. */
export const purchaseFold: PurchaseFold = {
  streamsOf: (id) => [`purchase-${id}`],
  events: purchaseEvents,
  evolve,
};
