import { AccountId, SaleId, SubjectId } from '#shared/ids.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { personal } from '#shared/kernel/personal.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

const Cents = Type.Integer({ minimum: 0 });
const Day = Type.String({ format: 'date' });
const Count = Type.Integer({ minimum: 1 });

const about = { saleId: SaleId, at: Instant };
const received = { ...about, receivedFrom: AccountId, subjectId: SubjectId };
const attempt = { ...about, subjectId: SubjectId, attempt: Count };
const answered = {
  httpStatus: Type.Optional(Type.Integer()),
  /** As much of the answer as is kept; it repeats whose cashback it is. */
  body: personal(Type.String()),
};

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
export const saleEvents = contract('sale', {
  SaleReceived: Type.Object({
    ...received,
    /** Digits. */
    document: personal(Type.String()),
    name: personal(Type.String()),
    soldAt: Instant,
    /** The day it was in São Paulo. */
    soldOn: Day,
    totalInCents: Cents,
    /** A sale may have thousands: each is the type, the unit price in cents, and how many. */
    lines: Type.Array(Type.Tuple([Type.String(), Cents, Count])),
    warnings: Type.Array(
      Type.Object({
        code: Type.String(),
        /** The sale from which that is known which this one does not agree with. */
        saleId: SaleId,
      }),
    ),
  }),
  CashbackCalculated: Type.Object({
    ...about,
    /** Its version. */
    ruleSet: Type.String(),
    /** In the order of the sale's: amount in cents x percent / 100 = cashback in cents, half up. */
    lines: Type.Array(Type.Tuple([Cents, Type.String(), Cents])),
    cashbackInCents: Cents,
  }),
  SaleRefused: Type.Object({
    ...received,
    /** The codes of all that was wrong, each once. */
    reasons: Type.Array(Type.String()),
    /** The first of the errors in full, as JSON: they may point at names that somebody chose. */
    errors: personal(Type.String()),
    errorsInAll: Count,
    /** What was sent, as text: all of it, or the first of several parts. */
    received: personal(Type.String()),
    parts: Type.Integer({ minimum: 0 }),
    /** The day it was sold, or on which it came if that is not known. */
    soldOn: Day,
    /** What could be understood of it all the same. */
    soldAt: Type.Optional(Instant),
    totalInCents: Type.Optional(Cents),
  }),
  /** More of what was sent: an append holds a mebibyte, and ciphertext takes more room. */
  SaleRefusalContinued: Type.Object({
    ...about,
    subjectId: SubjectId,
    /** From 2. */
    part: Type.Integer({ minimum: 2 }),
    received: personal(Type.String()),
  }),
  /** On record before the call: without an outcome, nobody knows what became of it. */
  CashbackForwardAttempted: Type.Object(attempt),
  CashbackAccepted: Type.Object({
    ...attempt,
    ...answered,
    /** As the partner wrote it, be it `NaN`; nothing if its answer was not what it should be. */
    partnerId: Type.Optional(Type.String()),
  }),
  CashbackForwardFailed: Type.Object({
    ...attempt,
    ...answered,
    /** No further attempt would come out otherwise. */
    final: Type.Boolean(),
    error: Type.String(),
  }),
  CashbackForwardUncertain: Type.Object({
    ...attempt,
    ...answered,
    why: oneOf(['timed-out', 'broken-off', 'unexpected-status', 'process-died']),
    error: Type.String(),
  }),
  CashbackForwardGivenUp: Type.Object({
    ...about,
    why: oneOf(['attempts-spent', 'person-erased']),
    error: Type.String(),
  }),
  SaleResendRequested: Type.Object({
    ...about,
    subjectId: SubjectId,
    by: AccountId,
    reason: Type.String(),
  }),
  SaleSettled: Type.Object({
    ...about,
    by: AccountId,
    outcome: oneOf(['ACCEPTED', 'FAILED']),
    reason: Type.String(),
    partnerId: Type.Optional(Type.String()),
  }),
});
export type SaleEvent = MessagesIn<typeof saleEvents>;

/** What a person is called in the sales of which they were the buyer: `buyer-<subjectId>`. */
export const buyerEvents = contract('buyer', {
  BuyerNamed: Type.Object({
    subjectId: SubjectId,
    /** The first sale that called them so. */
    saleId: SaleId,
    name: personal(Type.String()),
    at: Instant,
  }),
});
export type BuyerEvent = MessagesIn<typeof buyerEvents>;
