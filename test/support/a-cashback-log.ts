import type { Knex } from 'knex';
import { bandRulesOf, monthTotal } from '#shared/cashback-month/bands.ts';
import { purchase, type Purchase } from '#shared/purchase/decider.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import { monthOf, type Month } from '#shared/kernel/calendar.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { CASHBACK_VIEWS, cashbackAtWork, catchUp } from './cashback-at-work.ts';
import { commandFor, purchaseOf, type Step } from './some-steps.ts';

export const now = '2026-03-10T12:00:00.000Z' as Instant;
/** The month that is open by then. */
export const march = '2026-03' as Month;

export const cashbackViews = async (db: Knex): Promise<void> => {
  await checkpointSchema.up(db);
  for (const view of CASHBACK_VIEWS) await prepareView(db, view);
};

/** An empty log, with empty views of it in this database. */
export const aCashbackLog = async (db: Knex) => {
  await db.raw('truncate purchases_view, reseller_months_view, cashback_adjustments_view');
  await db('projection').update({ position: -1 });
  const eventStore = inMemoryEventStore();
  const handle = commandHandler(eventStore, 'purchase', purchaseEvents, purchase);
  const work = cashbackAtWork(db, eventStore, () => now);
  const states = new Map<number, Purchase>();
  let times = 0;

  return {
    ...{ ...work, eventStore, db },
    catchUp: () => catchUp(db, eventStore),
    closing: (month: string) => work.close(month as Month, march),
    /** `closed` is what was known when it was decided, which may be less than is closed by now. */
    ask: async (step: Step, closed: readonly Month[] = []) => {
      const asked = { meta: { ...meta, commandId: `step ${++times}` }, keyed: false };
      const handled = await handle(purchaseOf(step), commandFor(step, now, closed), asked);
      if (handled.outcome === 'accepted') states.set(step.which, handled.state);
      return handled;
    },
    grantAll: async () => {
      await catchUp(db, eventStore);
      for (const intent of await work.grants()) await work.grant(intent);
    },
    settleAll: async () => {
      for (const intent of await work.settlements()) await work.settle(intent);
    },
    /** What the month of a reseller comes to when it is added up from nothing. */
    fromZero: (resellerId: string, month: Month) =>
      monthTotal(
        bandRulesOf(month),
        [...states.values()].flatMap((one) =>
          (one.status === 'IN_VALIDATION' || one.status === 'APPROVED') &&
          one.resellerId === resellerId &&
          monthOf(one.date) === month
            ? [one]
            : [],
        ),
      ),
  };
};
export type ACashbackLog = Awaited<ReturnType<typeof aCashbackLog>>;
