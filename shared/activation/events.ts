import { AccountId, ActivationId, CompanyId, CustomerMid, SubjectId } from '#shared/ids.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { personal } from '#shared/kernel/personal.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

const verdict = { activationId: ActivationId, by: AccountId, at: Instant };

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
export const activationEvents = contract('activation', {
  ActivationSubmitted: Type.Object({
    activationId: ActivationId,
    /** The destination: the company whose customer it is. */
    companyId: CompanyId,
    /** The origin. An administrator belongs to no company. */
    requestedBy: Type.Object({ userId: AccountId, companyId: Type.Optional(CompanyId) }),
    customerMid: CustomerMid,
    subjectId: SubjectId,
    customerEmail: personal(Type.String({ format: 'email' })),
    product: Type.String(),
    at: Instant,
  }),
  ActivationApproved: Type.Object(verdict),
  ActivationRejected: Type.Object({ ...verdict, reason: Type.String() }),
  ActivationCancelled: Type.Object({ ...verdict, reason: Type.Optional(Type.String()) }),
});
export type ActivationEvent = MessagesIn<typeof activationEvents>;

const notice = {
  activationId: ActivationId,
  /** The event that the customer is told about. */
  about: Type.String(),
  messageId: Type.String(),
  at: Instant,
};

/** What came of telling the customer. A stream apart: a mail must not make an ETag outdated. */
export const activationNoticeEvents = contract('activationNotice', {
  CustomerNotified: Type.Object(notice),
  CustomerNotificationFailed: Type.Object({
    ...notice,
    /** Given up after the last attempt, or the person was erased before the mail had left. */
    why: oneOf(['given-up', 'person-erased']),
    attempts: Type.Integer({ minimum: 0 }),
  }),
});
export type ActivationNoticeEvent = MessagesIn<typeof activationNoticeEvents>;
