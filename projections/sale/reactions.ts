import { findingEvents } from '#shared/conciliation/events.ts';
import type { SaleId, SubjectId } from '#shared/ids.ts';
import { saleEvents } from '#shared/sale/events.ts';
import type { Intent, Reaction } from '../reaction.ts';

/** What carries them out. */
export const FORWARD_CASHBACK = 'forward-cashback';
export const SETTLE_SALE = 'settle-sale';

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

/** Whatever a partner's own statement says of a sale of which nobody knew settles it. */
export const settleSalesThatStatementsConfirm: Reaction<(typeof findingEvents)['schemas']> = {
  name: 'settle-sales-that-statements-confirm',
  events: findingEvents,
  begin: 'beginning',
  on: {
    FindingResolved: ({ data: { findingId, settles } }) =>
      settles && {
        ...{ kind: SETTLE_SALE, stream: `sale-${settles.saleId}` },
        data: { saleId: settles.saleId, findingId },
      },
    WriteOffRequested: nothing,
    WriteOffApproved: nothing,
  },
};
