import type { AccountId, ActivationId, CompanyId, CustomerMid, SubjectId } from '#shared/ids.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { ActivationCommand } from './commands.ts';
import type { ActivationEvent, ActivationNoticeEvent } from './events.ts';

export const noon = '2026-01-15T12:00:00.000Z' as Instant;
export const anActivation = '5d0b2a52-3c5e-5a0e-9d0a-000000000001' as ActivationId;
export const anotherActivation = '5d0b2a52-3c5e-5a0e-9d0a-000000000002' as ActivationId;
export const aCompany = '1' as CompanyId;
export const anotherCompany = '2' as CompanyId;
export const aThirdCompany = '3' as CompanyId;
export const aPartner = '5d0b2a52-3c5e-5a0e-9d0a-0000000000a1' as AccountId;
export const anAnalyst = '5d0b2a52-3c5e-5a0e-9d0a-0000000000b1' as AccountId;

const submission = {
  activationId: anActivation,
  companyId: aCompany,
  requestedBy: { userId: aPartner, companyId: aCompany } as {
    userId: AccountId;
    companyId?: CompanyId;
  },
  customerMid: 'customer-1' as CustomerMid,
  subjectId: '5d0b2a52-3c5e-5a0e-9d0a-0000000000c1' as SubjectId,
  customerEmail: 'ana@example.com',
  product: 'direct-debit',
  at: noon,
};
const verdict = { activationId: anActivation, by: anAnalyst, at: noon };
const rejection = { ...verdict, reason: 'No contract' };

/** One valid example of each message; name only what the spec is about. */
export const submitted = (data: Partial<typeof submission> = {}): ActivationEvent => ({
  type: 'ActivationSubmitted',
  data: { ...submission, ...data },
});
export const approved = (data: Partial<typeof verdict> = {}): ActivationEvent => ({
  type: 'ActivationApproved',
  data: { ...verdict, ...data },
});
export const rejected = (data: Partial<typeof rejection> = {}): ActivationEvent => ({
  type: 'ActivationRejected',
  data: { ...rejection, ...data },
});
export const cancelled = (): ActivationEvent => ({ type: 'ActivationCancelled', data: verdict });

export const submit = (data: Partial<typeof submission> = {}): ActivationCommand => ({
  type: 'SubmitActivation',
  data: { ...submission, ...data },
});
export const approve = (): ActivationCommand => ({ type: 'ApproveActivation', data: verdict });
export const reject = (): ActivationCommand => ({ type: 'RejectActivation', data: rejection });
export const cancel = (onBehalfOf: CompanyId | 'any company' = aCompany): ActivationCommand => ({
  type: 'CancelActivation',
  data: { ...verdict, onBehalfOf },
});

const told = {
  activationId: anActivation,
  about: 'ActivationSubmitted',
  messageId: '<1@lastro>',
  at: noon,
};
export const notified = (): ActivationNoticeEvent => ({ type: 'CustomerNotified', data: told });
export const notificationFailed = (): ActivationNoticeEvent => ({
  type: 'CustomerNotificationFailed',
  data: { ...told, why: 'given-up', attempts: 30 },
});
