import type { Knex } from 'knex';
import { cashbackLedgerEvents, type CashbackLedgerEvent } from '#shared/cashback-month/events.ts';
import { purchaseEvents, type PurchaseEvent } from '#shared/purchase/events.ts';
import { resellerEvents, type ResellerEvent } from '#shared/reseller/events.ts';
import { BEGINNING, type EventStore } from '#shared/kernel/event-store.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Contract, MessageOf, Schemas } from '#shared/kernel/message.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { meta } from '#shared/testing/recorded.ts';
import { cashbackAdjustments } from '../../projections/cashback-month/cashback-adjustments-view.ts';
import { resellerMonths } from '../../projections/cashback-month/reseller-months-view.ts';
import { purchases } from '../../projections/purchase/purchases-view.ts';
import { resellers } from '../../projections/reseller/resellers-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { apply, type AnyView } from '../../projections/view.ts';

const VIEWS: readonly AnyView[] = [resellers, purchases, resellerMonths, cashbackAdjustments];

/** Everything that is shown of resellers, from the whole of a log. */
export const viewsOf = async (db: Knex, eventStore: EventStore): Promise<void> => {
  await checkpointSchema.up(db);
  for (const view of VIEWS) {
    await prepareView(db, view);
    for await (const page of eventStore.pages(view.events, BEGINNING))
      await db.transaction((tx) => apply(tx, view, page.events));
  }
};

/** Puts events on record at the end of their stream. */
export const recording = (eventStore: EventStore) => {
  let times = 0;
  const append = async <S extends Schemas>(
    stream: string,
    contract: Contract<S>,
    event: MessageOf<S>,
  ) => {
    const { revision } = await eventStore.read(stream, contract);
    const commandId = derivedId('a-command', String(++times));
    await eventStore.append(stream, contract, [event], {
      expected: revision,
      meta: { ...meta, commandId },
    });
  };
  return {
    reseller: (event: ResellerEvent) =>
      append(`reseller-${event.data.resellerId}`, resellerEvents, event),
    purchase: (event: PurchaseEvent) =>
      append(`purchase-${event.data.purchaseId}`, purchaseEvents, event),
    ledger: (event: CashbackLedgerEvent) =>
      append(`cashbackLedger-${event.data.resellerId}`, cashbackLedgerEvents, event),
  };
};
