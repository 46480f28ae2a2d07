import { AccountId, ConciliationId, FindingId, SaleId, StatementId } from '#shared/ids.ts';
import { Month } from '#shared/kernel/calendar.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

const Count = Type.Integer({ minimum: 0 });
const Cents = Type.Integer();
const Day = Type.String({ format: 'date' });
const Position = Type.String({ pattern: '^\\d{1,19}$' });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

const about = { conciliationId: ConciliationId, at: Instant };
const statement = { sha256: Sha256, rows: Count, unreadable: Count };
/** Up to where the log was read: its end when the statement was in. */
const asOf = Type.Object({ position: Position, at: Instant });
const Side = Type.Object({ rows: Count, amountInCents: Cents });

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
export const conciliationEvents = contract('conciliation', {
  ConciliationStarted: Type.Object({
    ...about,
    /** What was uploaded, where it is kept until the run has ended. */
    statementId: StatementId,
    source: oneOf(['cashback-api', 'erp']),
    /** Days of sale in São Paulo, both included. */
    from: Day,
    to: Day,
    ...statement,
    by: AccountId,
  }),
  ConciliationCompleted: Type.Object({
    ...about,
    asOf,
    ...statement,
    /** The versions by which our sales were calculated. */
    ruleSets: Type.Array(Type.String()),
    categories: Type.Array(
      Type.Object({
        name: Type.String(),
        ...{ ourRows: Count, theirRows: Count, oursInCents: Cents, theirsInCents: Cents },
      }),
    ),
    /** What was read of either side, counted by itself. */
    ours: Side,
    theirs: Side,
    /** The earliest day of what somebody has to look at. */
    oldestOpen: Type.Union([Day, Type.Null()]),
    /** How many findings are new, recurring and cleared since the report before, if there is one. */
    changes: Type.Optional(
      Type.Object({ since: ConciliationId, new: Count, recurring: Count, cleared: Count }),
    ),
  }),
  ConciliationFailed: Type.Object({
    ...about,
    sha256: Sha256,
    why: oneOf(['unbalanced', 'given-up']),
    error: Type.String(),
  }),
  /** Whatever the statement confirms of what nobody knew is to be settled by it. */
  ConciliationSettlementRequested: Type.Object({
    ...about,
    items: Count,
    reason: Type.String(),
    by: AccountId,
  }),
  /** `left` is what had come to something else by then, and waits for somebody to look at it. */
  ConciliationSettled: Type.Object({ ...about, settled: Count, left: Count }),
});
export type ConciliationEvent = MessagesIn<typeof conciliationEvents>;

const found = {
  findingId: FindingId,
  conciliationId: ConciliationId,
  /** As it is called in paths: its line in the statement, and where in the log our sale is. */
  item: Type.String(),
  by: AccountId,
  at: Instant,
};
const looked = { ...found, reason: Type.String(), amountInCents: Cents };

/** What somebody did about an item: `finding-<findingId>`. */
export const findingEvents = contract('finding', {
  FindingResolved: Type.Object({
    ...looked,
    resolution: oneOf(['RESENT', 'SETTLED', 'WRITTEN_OFF', 'EXPLAINED']),
    /** The sale that was uncertain, and what the partner calls it: the statement says so. */
    settles: Type.Optional(
      Type.Object({ saleId: SaleId, partnerId: Type.Optional(Type.String()) }),
    ),
  }),
  /** More than one person may write off alone. */
  WriteOffRequested: Type.Object(looked),
  WriteOffApproved: Type.Object(found),
});
export type FindingEvent = MessagesIn<typeof findingEvents>;

const period = { month: Month, by: AccountId, at: Instant };

/** A month of sales, of which nothing is open: `conciliationPeriod-2026-01`. */
export const conciliationPeriodEvents = contract('conciliationPeriod', {
  ConciliationPeriodClosed: Type.Object({
    ...period,
    /** The reports that it rests on; none if nobody sent a statement. */
    conciliations: Type.Array(ConciliationId),
  }),
  ConciliationPeriodReopened: Type.Object({ ...period, reason: Type.String() }),
});
export type ConciliationPeriodEvent = MessagesIn<typeof conciliationPeriodEvents>;
