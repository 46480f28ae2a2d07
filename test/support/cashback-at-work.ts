import type { Knex } from 'knex';
import { cashbackMonth } from '#shared/cashback-month/decider.ts';
import {
  cashbackLedgerEvents,
  cashbackMonthEvents,
  type CashbackLedgerEvent,
} from '#shared/cashback-month/events.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import { anAnalyst } from '#shared/purchase/examples.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import { BEGINNING, type EventStore, type Recorded } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import type { Contract, Instant, Schemas } from '#shared/kernel/message.ts';
import { standingOf } from '#shared/platform/checkpoint.ts';
import { meta } from '#shared/testing/recorded.ts';
import { cashbackAdjustments } from '../../projections/cashback-month/cashback-adjustments-view.ts';
import { grantCashback, settlePurchase } from '../../projections/cashback-month/effects.ts';
import { monthIndexIn } from '../../projections/cashback-month/month-index.ts';
import {
  grantCashbackOfMonth,
  settlePurchaseOfClosedMonth,
} from '../../projections/cashback-month/reactions.ts';
import { resellerMonths } from '../../projections/cashback-month/reseller-months-view.ts';
import type { Pending } from '../../projections/effect.ts';
import { step } from '../../projections/follower.ts';
import { purchases } from '../../projections/purchase/purchases-view.ts';
import type { AnyReaction, Intent } from '../../projections/reaction.ts';
import { viewFollower } from '../../projections/view-follower.ts';
import type { AnyView } from '../../projections/view.ts';

export const CASHBACK_VIEWS: readonly AnyView[] = [purchases, resellerMonths, cashbackAdjustments];

const all = async <S extends Schemas>(eventStore: EventStore, contract: Contract<S>) => {
  const events = [];
  for await (const page of eventStore.pages(contract, BEGINNING)) events.push(...page.events);
  return events;
};

/** Brings views to the end of the log, as their followers do. */
export const catchUp = async (db: Knex, eventStore: EventStore): Promise<void> => {
  for (const view of CASHBACK_VIEWS) {
    let from = (await standingOf(db, view.name))?.position ?? BEGINNING;
    for await (const page of eventStore.pages(view.events, from))
      from = await step(db, viewFollower(view), from, page);
  }
};

/** What reactions make of events, as effects are given it. */
const pendingOf = (reaction: AnyReaction, events: readonly Recorded[]): Pending[] =>
  events.flatMap((event) => {
    const intent: Intent | undefined = reaction.on[event.type]?.(event);
    return intent
      ? [{ ...intent, id: event.id, eventId: event.id, correlationId: event.meta.correlationId }]
      : [];
  });

/** Closing months, granting them and settling what comes late; each when it is told to. */
export const cashbackAtWork = (db: Knex, eventStore: EventStore, now: () => Instant) => {
  const deps = { eventStore, index: monthIndexIn(db), clock: now };
  const granting = grantCashback(deps);
  const settling = settlePurchase(deps);
  const closing = commandHandler(eventStore, 'cashbackMonth', cashbackMonthEvents, cashbackMonth);
  const attempt = { attempt: 1, signal: AbortSignal.timeout(60_000), idempotencyKey: '' };

  return {
    close: async (month: Month, thisMonth: Month) => {
      const data = { month, thisMonth, by: anAnalyst, at: now() };
      const asked = { meta: { ...meta, commandId: `close ${month}` }, keyed: false };
      await closing(month, { type: 'CloseCashbackMonth', data }, asked);
    },
    grants: async () => pendingOf(grantCashbackOfMonth, await all(eventStore, cashbackMonthEvents)),
    settlements: async () =>
      pendingOf(settlePurchaseOfClosedMonth, await all(eventStore, purchaseEvents)),
    grant: async (intent: Pending) => granting.carryOut(intent, attempt),
    settle: async (intent: Pending) => settling.carryOut(intent, attempt),
    ledger: (): Promise<Recorded<CashbackLedgerEvent>[]> => all(eventStore, cashbackLedgerEvents),
    months: () => all(eventStore, cashbackMonthEvents),
  };
};
