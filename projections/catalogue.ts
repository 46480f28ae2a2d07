import type { Knex } from 'knex';
import type { SendMail } from '#shared/activation/ports.ts';
import type { Matching } from '#shared/conciliation/matching.ts';
import type { ConfirmingItems, ForgetInStatements } from '#shared/conciliation/ports.ts';
import type { DestroyKey } from '#shared/kernel/erasure.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { AskForProduct, ProductStore } from '#shared/favourite/ports.ts';
import type { Clock } from '#shared/kernel/message.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import type { CloseSignIn } from '#shared/reseller/ports.ts';
import type { ForwardCashback } from '#shared/sale/ports.ts';
import { accounts } from './account/accounts-view.ts';
import { activations } from './activation/activations-view.ts';
import { tellCustomer } from './activation/effects.ts';
import { tellCustomerOfActivation } from './activation/reactions.ts';
import { cashbackAdjustments } from './cashback-month/cashback-adjustments-view.ts';
import { grantCashback, settlePurchase } from './cashback-month/effects.ts';
import { monthIndexIn } from './cashback-month/month-index.ts';
import { grantCashbackOfMonth, settlePurchaseOfClosedMonth } from './cashback-month/reactions.ts';
import { resellerMonths } from './cashback-month/reseller-months-view.ts';
import { companies } from './company/companies-view.ts';
import { customers } from './customer/customers-view.ts';
import { eraseCustomer } from './customer/effects.ts';
import { eraseRemovedCustomer } from './customer/reactions.ts';
import { conciliations } from './conciliation/conciliations-view.ts';
import { conciliate, forgetInStatements } from './conciliation/effects.ts';
import { findings } from './conciliation/findings-view.ts';
import { ourSales } from './conciliation/our-sales-view.ts';
import { conciliationPeriods } from './conciliation/periods-view.ts';
import {
  conciliateStatements,
  forgetErasedInStatements,
  settleConfirmedItems,
} from './conciliation/reactions.ts';
import { settleConfirmed } from './conciliation/settling-effects.ts';
import type { Effect } from './effect.ts';
import { purchases } from './purchase/purchases-view.ts';
import { clearFavourites, listFavourite } from './favourite/effects.ts';
import { favouriteIndexIn } from './favourite/favourite-index.ts';
import { favourites } from './favourite/favourites-view.ts';
import { clearFavouritesOfRemovedCustomer, listRequestedFavourite } from './favourite/reactions.ts';
import { callWaiting } from './privacy/effects.ts';
import { erasures } from './privacy/erasures-view.ts';
import { callWhatWaitsForErased } from './privacy/reactions.ts';
import { waitingIndexIn } from './privacy/waiting-index.ts';
import type { AnyReaction } from './reaction.ts';
import { eraseReseller } from './reseller/effects.ts';
import { finishErasureOfReseller } from './reseller/reactions.ts';
import { resellers } from './reseller/resellers-view.ts';
import { forwardCashback } from './sale/effects.ts';
import { forwardCashbackOfSales, settleSalesThatStatementsConfirm } from './sale/reactions.ts';
import { settleSale } from './sale/settling-effects.ts';
import { sales } from './sale/sales-view.ts';
import { stations } from './station/stations-view.ts';
import { expireSwap } from './swap/effects.ts';
import { expireUnansweredSwap } from './swap/reactions.ts';
import { transactions } from './swap/transactions-view.ts';
import type { AnyView } from './view.ts';

/** Every read model there is. */
export const views: readonly AnyView[] = [
  activations,
  companies,
  accounts,
  resellers,
  purchases,
  resellerMonths,
  cashbackAdjustments,
  sales,
  stations,
  transactions,
  customers,
  favourites,
  erasures,
  ourSales,
  conciliations,
  findings,
  conciliationPeriods,
];

/** Everything that is seen to whenever something happened. */
export const reactions: readonly AnyReaction[] = [
  tellCustomerOfActivation,
  grantCashbackOfMonth,
  settlePurchaseOfClosedMonth,
  forwardCashbackOfSales,
  expireUnansweredSwap,
  eraseRemovedCustomer,
  finishErasureOfReseller,
  listRequestedFavourite,
  clearFavouritesOfRemovedCustomer,
  callWhatWaitsForErased,
  conciliateStatements,
  forgetErasedInStatements,
  settleConfirmedItems,
  settleSalesThatStatementsConfirm,
];

export type EffectDeps = {
  readonly eventStore: EventStore;
  readonly db: Knex;
  readonly send: SendMail;
  readonly forward: ForwardCashback;
  readonly clock: Clock;
  readonly askForProduct: AskForProduct;
  readonly products: ProductStore;
  readonly hash: KeyedHash;
  readonly destroyKey: DestroyKey;
  readonly closeSignIn: CloseSignIn;
  readonly matching: Matching;
  readonly forgetInStatements: ForgetInStatements;
  readonly confirmingItems: ConfirmingItems;
};

/** What carries out the intents of the reactions. */
export const effects = (deps: EffectDeps): readonly Effect[] => {
  const months = { ...deps, index: monthIndexIn(deps.db) };
  const cashback = [forwardCashback(deps), grantCashback(months), settlePurchase(months)];
  const listing = { ...deps, index: favouriteIndexIn(deps.db) };
  const favouring = [listFavourite(listing), clearFavourites(listing)];
  const calling = callWaiting({ waiting: waitingIndexIn(deps.db) });
  const erasing = [eraseCustomer(deps), eraseReseller(deps), calling];
  return [
    tellCustomer(deps),
    ...cashback,
    expireSwap(deps),
    ...favouring,
    ...erasing,
    conciliate(deps),
    forgetInStatements(deps.forgetInStatements),
    settleConfirmed(deps),
    settleSale(deps),
  ];
};
