import pLimit from 'p-limit';
import type { CashbackLedgerCommand, CountedPurchase } from '#shared/cashback-month/commands.ts';
import { countedIn } from '#shared/cashback-month/counting.ts';
import { cashbackMonth } from '#shared/cashback-month/decider.ts';
import { cashbackLedgerEvents, cashbackMonthEvents } from '#shared/cashback-month/events.ts';
import { cashbackLedger, type Account } from '#shared/cashback-month/ledger.ts';
import type { MonthIndex } from '#shared/cashback-month/ports.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import type { PurchaseId, ResellerId } from '#shared/ids.ts';
import { dayOf, monthOf, type Month } from '#shared/kernel/calendar.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler, streamsOf } from '#shared/kernel/handle-command.ts';
import type { Clock } from '#shared/kernel/message.ts';
import { inPages } from '#shared/platform/in-pages.ts';
import { waitFor } from '../wait-for.ts';
import { metaOf, type Effect, type Pending } from '../effect.ts';
import { GRANT_CASHBACK, SETTLE_PURCHASE } from './reactions.ts';

export type CashbackDeps = {
  readonly eventStore: EventStore;
  readonly index: MonthIndex;
  readonly clock: Clock;
};

const RESELLERS_A_PAGE = 1_000;
const PURCHASES_A_PAGE = 10_000;
const RESELLERS_AT_ONCE = 8;
const READS_AT_ONCE = 16;
/** Views are rarely more than a moment behind; one that is rebuilt serves as it was. */
const LONGEST_WAIT_MS = 20_000;

type Granted = NonNullable<Account['granted']>;

const monthsIn = (eventStore: EventStore) =>
  streamsOf(eventStore, 'cashbackMonth', cashbackMonthEvents, cashbackMonth);

/** What one reseller was granted for a month, once all of it is on record. */
const completeGrant = (account: Account | undefined): Granted | undefined =>
  account?.granted && account.lines >= account.granted.purchases ? account.granted : undefined;

const ledgersIn = ({ eventStore, clock }: CashbackDeps) => {
  const streams = streamsOf(eventStore, 'cashbackLedger', cashbackLedgerEvents, cashbackLedger);
  const handle = commandHandler(eventStore, 'cashbackLedger', cashbackLedgerEvents, cashbackLedger);
  return {
    accountOf: async (resellerId: ResellerId, month: Month) =>
      (await streams.load(resellerId)).state.months.get(month),
    /** The account after it. */
    decide: async (command: CashbackLedgerCommand, about: Month, intent: Pending, step: string) => {
      const { resellerId } = command.data;
      const meta = metaOf(intent, clock(), `${step} ${resellerId}`);
      const handled = await handle(resellerId, command, { meta, keyed: true });
      if (handled.outcome === 'refused') throw new Error('A ledger refuses nothing');
      return handled.state.months.get(about);
    },
  };
};

/** The purchases of a reseller that counted in a month when the log had got to a position. */
const purchasesIn =
  ({ eventStore, index }: CashbackDeps) =>
  async (month: Month, resellerId: ResellerId, upTo: bigint): Promise<CountedPurchase[]> => {
    const inTurn = pLimit(READS_AT_ONCE);
    const then = async (purchaseId: PurchaseId): Promise<CountedPurchase | undefined> => {
      const { events } = await eventStore.read(`purchase-${purchaseId}`, purchaseEvents);
      const until = events.filter(({ position }) => position <= upTo);
      const amountInCents = countedIn(month, until);
      const revision = Number(until.at(-1)?.revision ?? 0);
      return amountInCents === 0 ? undefined : { purchaseId, revision, amountInCents };
    };

    const counted: CountedPurchase[] = [];
    const pages = inPages<PurchaseId>(PURCHASES_A_PAGE, (after, limit) =>
      index.purchasesIn(month, resellerId, after, limit),
    );
    for await (const page of pages)
      counted.push(...(await inTurn.map(page, then)).filter((one) => one !== undefined));
    return counted;
  };

/** Grants one reseller what they are due, as far as that has not been done yet. */
const granting = (deps: CashbackDeps) => {
  const { clock } = deps;
  const ledgers = ledgersIn(deps);
  const purchasesOf = purchasesIn(deps);

  return async (resellerId: ResellerId, month: Month, upTo: bigint, intent: Pending) => {
    const before = completeGrant(await ledgers.accountOf(resellerId, month));
    if (before) return before;
    const purchases = await purchasesOf(month, resellerId, upTo);
    const data = { resellerId, month, purchases, at: clock() };
    for (let part = 0; ; part++) {
      const command = { type: 'GrantCashback', data } as const;
      const account = await ledgers.decide(command, month, intent, `grant ${part}`);
      if (!account?.granted || completeGrant(account)) return account?.granted;
    }
  };
};

/**
 * Grants everybody what they are due for a closed month. Whatever was on record before it was
 * closed counts, and nothing that came later. Cut off, it goes on where it was.
 */
export const grantCashback = (deps: CashbackDeps): Effect => {
  const { eventStore, index, clock } = deps;
  const months = monthsIn(eventStore);
  const complete = commandHandler(eventStore, 'cashbackMonth', cashbackMonthEvents, cashbackMonth);
  const grantTo = granting(deps);

  return {
    kind: GRANT_CASHBACK,
    atOnce: 1,
    carryOut: async (intent, { signal }) => {
      const month = intent.data['month'] as Month;
      const { state, history } = await months.load(month);
      const upTo = history[0]?.position;
      if (state.status !== 'closed' || upTo === undefined) return;
      const reached = () => index.hasReached(upTo);
      await waitFor('the views show the month', reached, { longestMs: LONGEST_WAIT_MS, signal });

      const inTurn = pLimit(RESELLERS_AT_ONCE);
      const totals = { resellers: 0, purchases: 0, grantedInCents: 0 };
      const pages = inPages<ResellerId>(RESELLERS_A_PAGE, (after, limit) =>
        index.resellersIn(month, after, limit),
      );
      for await (const page of pages)
        await inTurn.map(page, async (resellerId) => {
          signal.throwIfAborted();
          const granted = await grantTo(resellerId, month, upTo, intent);
          if (!granted) return;
          totals.resellers += 1;
          totals.purchases += granted.purchases;
          totals.grantedInCents += granted.inCents;
        });

      const at = clock();
      const data = { month, ...totals, at };
      const meta = metaOf(intent, at);
      await complete(month, { type: 'CompleteCashbackMonth', data }, { meta, keyed: true });
    },
  };
};

/** Books what happened to a purchase of a month after that was closed. */
export const settlePurchase = (deps: CashbackDeps): Effect => {
  const { eventStore, clock } = deps;
  const months = monthsIn(eventStore);
  const ledgers = ledgersIn(deps);

  const settleIn = async (about: Month, intent: Pending): Promise<void> => {
    const { status } = (await months.load(about)).state;
    if (status === 'open') return;
    if (status === 'closed')
      throw new Error(`${about} is being granted: what came later is settled after that`);

    const purchaseId = intent.data['purchaseId'] as PurchaseId;
    const resellerId = intent.data['resellerId'] as ResellerId;
    const { events } = await eventStore.read(`purchase-${purchaseId}`, purchaseEvents);
    const at = clock();
    const data = {
      ...{ resellerId, about, openMonth: monthOf(dayOf(at)), purchaseId, at },
      revision: Number(events.at(-1)?.revision ?? 0),
      amountInCents: countedIn(about, events),
    };
    await ledgers.decide({ type: 'SettlePurchase', data }, about, intent, `settle ${about}`);
  };

  return {
    kind: SETTLE_PURCHASE,
    carryOut: async (intent) => {
      for (const month of (intent.data['months'] ?? '').split(' '))
        await settleIn(month as Month, intent);
    },
  };
};
