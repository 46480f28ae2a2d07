import { conciliationEvents } from '#shared/conciliation/events.ts';
import { erasureEvents } from '#shared/kernel/erasure.ts';
import type { Reaction } from '../reaction.ts';

/** What carries them out. */
export const CONCILIATE = 'conciliate';
export const SETTLE_CONFIRMED = 'settle-confirmed';
export const FORGET_IN_STATEMENTS = 'forget-erased-in-statements';

const nothing = () => undefined;

/** Every statement that was taken is set against the log, be it taken before we first look. */
export const conciliateStatements: Reaction<(typeof conciliationEvents)['schemas']> = {
  name: 'conciliate-statements',
  events: conciliationEvents,
  begin: 'beginning',
  on: {
    ConciliationStarted: ({ stream, data: { conciliationId } }) => ({
      ...{ kind: CONCILIATE, stream, data: { conciliationId } },
      // One after the other: each of them takes what memory and processors there are.
      sequence: 'conciliations',
    }),
    ConciliationCompleted: nothing,
    ConciliationFailed: nothing,
    ConciliationSettlementRequested: nothing,
    ConciliationSettled: nothing,
  },
};

/** What a statement confirms is resolved item by item; what follows for a sale, sales see to. */
export const settleConfirmedItems: Reaction<(typeof conciliationEvents)['schemas']> = {
  name: 'settle-confirmed-items',
  events: conciliationEvents,
  begin: 'beginning',
  on: {
    ConciliationSettlementRequested: ({ stream, data: { conciliationId } }) => ({
      kind: SETTLE_CONFIRMED,
      stream,
      data: { conciliationId },
    }),
    ConciliationStarted: nothing,
    ConciliationCompleted: nothing,
    ConciliationFailed: nothing,
    ConciliationSettled: nothing,
  },
};

/** Whoever was no more than a row in somebody's statement is forgotten there as well. */
export const forgetErasedInStatements: Reaction<(typeof erasureEvents)['schemas']> = {
  name: 'forget-erased-in-statements',
  events: erasureEvents,
  begin: 'beginning',
  on: {
    PersonalDataErased: ({ stream, data: { subjectId } }) => ({
      kind: FORGET_IN_STATEMENTS,
      stream,
      data: { subjectId },
    }),
  },
};
