import type { Static } from 'typebox';
import {
  CompanyId,
  CustomerMid,
  type AccountId,
  type ActivationId,
  type SubjectId,
} from '#shared/ids.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

export const USUAL_PRODUCT = 'direct-debit';

const Reason = Type.String({ minLength: 1, maxLength: 500 });

/** What a caller has to say. The rest of a command is known without asking. */
export type Submission = Static<typeof Submission>;
export const Submission = closed({
  customerMid: CustomerMid,
  customerEmail: Type.String({ format: 'email', maxLength: 254 }),
  companyId: Type.Optional(CompanyId),
  product: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
});

export const Rejection = closed({ reason: Reason });
export const Cancellation = closed({ reason: Type.Optional(Reason) });

type Verdict = {
  readonly activationId: ActivationId;
  readonly by: AccountId;
  readonly at: Instant;
};

export type ActivationCommand =
  | Message<
      'SubmitActivation',
      {
        readonly activationId: ActivationId;
        readonly companyId: CompanyId;
        readonly requestedBy: { readonly userId: AccountId; readonly companyId?: CompanyId };
        readonly customerMid: CustomerMid;
        readonly subjectId: SubjectId;
        readonly customerEmail: string;
        readonly product: string;
        readonly at: Instant;
      }
    >
  | Message<'ApproveActivation', Verdict>
  | Message<'RejectActivation', Verdict & { readonly reason: string }>
  | Message<
      'CancelActivation',
      Verdict & {
        readonly reason?: string;
        /** Whose users ask; an administrator may cancel for any company. */
        readonly onBehalfOf: CompanyId | 'any company';
      }
    >;
