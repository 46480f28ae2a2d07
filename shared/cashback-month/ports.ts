import type { PurchaseId, ResellerId } from '#shared/ids.ts';
import type { Month } from '#shared/kernel/calendar.ts';

/**
 * Where to look when a month is granted: who has purchases in it, and which. What is so is then
 * read from the purchases themselves. Both lists are in order, and go on after the one named.
 */
export type MonthIndex = {
  /** Whether everything up to this position of the log is in the index. */
  readonly hasReached: (position: bigint) => Promise<boolean>;
  readonly resellersIn: (
    month: Month,
    after: ResellerId | undefined,
    limit: number,
  ) => Promise<readonly ResellerId[]>;
  readonly purchasesIn: (
    month: Month,
    resellerId: ResellerId,
    after: PurchaseId | undefined,
    limit: number,
  ) => Promise<readonly PurchaseId[]>;
};

/** What a partner says that somebody has accumulated. */
export type CashbackBalance =
  /** In a unit that it does not document, so it is passed on as it is. */
  | { readonly outcome: 'known'; readonly credit: number | string }
  /** In its own words, for whoever asked. */
  | { readonly outcome: 'refused'; readonly message: string }
  /** No answer, none in time, or none that can be read. */
  | { readonly outcome: 'unavailable' };

/** Asked with eleven digits. Never throws: that there is no answer is one of the answers. */
export type BalanceOf = (cpf: string) => Promise<CashbackBalance>;
