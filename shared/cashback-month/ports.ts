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

/** What a partner says that somebody has accumulated, in a unit that it does not document. */
export type CashbackBalance =
  | { readonly outcome: 'known'; readonly credit: number | string }
  /** Its own words, for whoever asked. */
  | { readonly outcome: 'refused'; readonly message: string };

/** @throws {BalanceUnavailable} when there is no answer that can be read, in time. */
export type BalanceOf = (cpf: string) => Promise<CashbackBalance>;

export class BalanceUnavailable extends Error {
  override readonly name = 'BalanceUnavailable';
}
