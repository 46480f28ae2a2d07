import type { SaleId, SubjectId } from '#shared/ids.ts';
import { saleEvents } from '#shared/sale/events.ts';
import type { Intent, Reaction } from '../reaction.ts';

/** What carries it out. */
export const FORWARD_CASHBACK = 'forward-cashback';

type Due = { readonly data: { readonly saleId: SaleId; readonly subjectId: SubjectId } };

/** What one buyer is due is forwarded in the order in which it came to be due. */
const forward = ({ data: { saleId, subjectId } }: Due): Intent => ({
  ...{ kind: FORWARD_CASHBACK, stream: `sale-${saleId}`, data: { saleId } },
  sequence: `buyer-${subjectId}`,
});

const nothing = () => undefined;

/**
 * Every sale that was received has its cashback forwarded, and again when an operator wants it so.
 * From the very first on: whoever sends a sale before we look for the first time is owed it too.
 */
export const forwardCashbackOfSales: Reaction<(typeof saleEvents)['schemas']> = {
  name: 'forward-cashback-of-sales',
  events: saleEvents,
  begin: 'beginning',
  on: {
    SaleReceived: forward,
    SaleResendRequested: forward,
    CashbackCalculated: nothing,
    SaleRefused: nothing,
    SaleRefusalContinued: nothing,
    CashbackForwardAttempted: nothing,
    CashbackAccepted: nothing,
    CashbackForwardFailed: nothing,
    CashbackForwardUncertain: nothing,
    CashbackForwardGivenUp: nothing,
    SaleSettled: nothing,
  },
};
