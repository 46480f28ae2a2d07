import type { AccountId, PurchaseId, ResellerId } from '#shared/ids.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';

export type CashbackMonthCommand =
  | Message<
      'CloseCashbackMonth',
      {
        readonly month: Month;
        /** The month that it is now. */
        readonly thisMonth: Month;
        readonly by: AccountId;
        readonly at: Instant;
      }
    >
  | Message<
      'CompleteCashbackMonth',
      {
        readonly month: Month;
        readonly resellers: number;
        readonly purchases: number;
        readonly grantedInCents: number;
        readonly at: Instant;
      }
    >;

/** A purchase as it counts in a month. */
export type CountedPurchase = {
  readonly purchaseId: PurchaseId;
  readonly revision: number;
  readonly amountInCents: number;
};

export type CashbackLedgerCommand =
  | Message<
      'GrantCashback',
      {
        readonly resellerId: ResellerId;
        readonly month: Month;
        /** All that count, as they stood when the month was closed; in the order of their ids. */
        readonly purchases: readonly CountedPurchase[];
        readonly at: Instant;
      }
    >
  | Message<
      'SettlePurchase',
      CountedPurchase & {
        readonly resellerId: ResellerId;
        /** A month whose cashback was granted, and the one that is open now. */
        readonly about: Month;
        readonly openMonth: Month;
        readonly at: Instant;
      }
    >;
