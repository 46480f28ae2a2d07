import {
  USUAL_PRODUCT,
  type ActivationCommand,
  type Submission,
} from '#shared/activation/commands.ts';
import type { Activation } from '#shared/activation/decider.ts';
import type { AccountId, ActivationId, CompanyId, SubjectId } from '#shared/ids.ts';
import type { Naming } from '#shared/kernel/handle-unique.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { Caller } from '#shared/platform/http/caller.ts';
import { problems, Rejected } from '#shared/platform/http/problem.ts';

/** The company a caller belongs to, if any. */
export const companyOf = ({ companyId }: Caller): CompanyId | undefined =>
  companyId as CompanyId | undefined;

/** Where a request is sent: to the caller's own company unless it names another. */
export const destinationOf = ({ companyId }: Submission, caller: Caller): CompanyId => {
  const destination = companyId ?? companyOf(caller);
  if (destination !== undefined) return destination;
  const message = 'is required of a caller without a company';
  throw new Rejected(problems.invalid([{ pointer: '/companyId', code: 'required', message }]));
};

const requesterOf = (caller: Caller) => {
  const companyId = companyOf(caller);
  return { userId: caller.id as AccountId, ...(companyId !== undefined && { companyId }) };
};

/**
 * One activation at a time per company, customer and product: they make its id, together with how
 * many were decided before. The person behind it is that company's customer.
 */
export const submissionOf = (
  body: Submission,
  companyId: CompanyId,
  { caller, at }: { readonly caller: Caller; readonly at: Instant },
): Naming<Activation, ActivationCommand> => {
  const { customerMid, customerEmail, product = USUAL_PRODUCT } = body;
  const subjectId = derivedId('subject', 'company-customer', companyId, customerMid) as SubjectId;
  const requestedBy = requesterOf(caller);
  const request = { companyId, requestedBy, customerMid, subjectId, customerEmail, product, at };

  return {
    idOf: (nth) => derivedId('activation', companyId, customerMid, product, String(nth)),
    spent: ({ status }) => status !== 'none' && status !== 'PENDING',
    commandFor: (id) => ({
      type: 'SubmitActivation',
      data: { activationId: id as ActivationId, ...request },
    }),
  };
};
