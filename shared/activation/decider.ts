import type { CompanyId, CustomerMid } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { ActivationCommand } from './commands.ts';
import type { ActivationEvent } from './events.ts';

export type Verdict = 'APPROVED' | 'REJECTED' | 'CANCELLED';

type Request = {
  readonly companyId: CompanyId;
  /** The company whose users asked, and may cancel. */
  readonly requestedBy: CompanyId | undefined;
  readonly customerMid: CustomerMid;
  readonly product: string;
};

export type Activation =
  | { readonly status: 'none' }
  | ({ readonly status: 'PENDING' } & Request)
  | ({ readonly status: Verdict } & Request);

export type ActivationRefusal =
  | 'activation-not-found'
  | 'activation-already-pending'
  | 'activation-already-decided'
  | 'forbidden';

type Outcome = Decision<ActivationEvent, ActivationRefusal>;

const submit = (
  { data }: Named<ActivationCommand, 'SubmitActivation'>,
  activation: Activation,
): Outcome => {
  switch (activation.status) {
    case 'none':
      return accept({ type: 'ActivationSubmitted', data });
    case 'PENDING':
      return refuse('activation-already-pending');
    case 'APPROVED':
    case 'REJECTED':
    case 'CANCELLED':
      return refuse('activation-already-decided');
  }
};

/** A verdict is final: the same one again changes nothing, any other comes too late. */
const close = (verdict: Verdict, closed: ActivationEvent, activation: Activation): Outcome => {
  switch (activation.status) {
    case 'none':
      return refuse('activation-not-found');
    case 'PENDING':
      return accept(closed);
    case 'APPROVED':
    case 'REJECTED':
    case 'CANCELLED':
      return activation.status === verdict ? accept() : refuse('activation-already-decided');
  }
};

/** The destination may know of the request, but only its origin may take it back. */
const cancel = (
  { data }: Named<ActivationCommand, 'CancelActivation'>,
  activation: Activation,
): Outcome => {
  const { onBehalfOf, ...cancelled } = data;
  if (activation.status === 'none') return refuse('activation-not-found');
  if (onBehalfOf !== 'any company' && onBehalfOf !== activation.requestedBy)
    return refuse(onBehalfOf === activation.companyId ? 'forbidden' : 'activation-not-found');
  return close('CANCELLED', { type: 'ActivationCancelled', data: cancelled }, activation);
};

const decide = (command: ActivationCommand, activation: Activation): Outcome => {
  switch (command.type) {
    case 'SubmitActivation':
      return submit(command, activation);
    case 'ApproveActivation':
      return close('APPROVED', { type: 'ActivationApproved', data: command.data }, activation);
    case 'RejectActivation':
      return close('REJECTED', { type: 'ActivationRejected', data: command.data }, activation);
    case 'CancelActivation':
      return cancel(command, activation);
  }
};

const closed = (activation: Activation, status: Verdict): Activation =>
  activation.status === 'none' ? activation : { ...activation, status };

const evolve = (activation: Activation, { type, data }: ActivationEvent): Activation => {
  switch (type) {
    case 'ActivationSubmitted': {
      const { companyId, requestedBy, customerMid, product } = data;
      const request = { companyId, requestedBy: requestedBy.companyId, customerMid, product };
      return { status: 'PENDING', ...request };
    }
    case 'ActivationApproved':
      return closed(activation, 'APPROVED');
    case 'ActivationRejected':
      return closed(activation, 'REJECTED');
    case 'ActivationCancelled':
      return closed(activation, 'CANCELLED');
  }
};

/** One request of one company's user, from submission to its only verdict. */
export const activation: Decider<
  Activation,
  ActivationCommand,
  ActivationEvent,
  ActivationRefusal
> = { initialState: { status: 'none' }, decide, evolve };
