import type { Fold } from '#shared/kernel/fold.ts';
import { activationEvents } from './events.ts';
import type { ActivationRow } from './view.ts';

type ActivationFold = Fold<(typeof activationEvents)['schemas'], ActivationRow>;

type Verdict = { readonly by: string; readonly at: string; readonly reason?: string };

const decided = (
  row: ActivationRow | undefined,
  status: ActivationRow['status'],
  { by, at, reason }: Verdict,
  revision: number,
) =>
  row && {
    ...row,
    status,
    reason: reason ?? null,
    decided_at: new Date(at),
    decided_by: by,
    revision,
  };

const evolve: ActivationFold['evolve'] = (row, { type, data, revision: nth, position }) => {
  const revision = Number(nth);
  switch (type) {
    case 'ActivationSubmitted':
      return {
        activation_id: data.activationId,
        status: 'PENDING',
        company_id: data.companyId,
        requested_by_user: data.requestedBy.userId,
        requested_by_company: data.requestedBy.companyId ?? null,
        customer_mid: data.customerMid,
        subject_id: data.subjectId,
        customer_email: data.customerEmail,
        product: data.product,
        reason: null,
        submitted_at: new Date(data.at),
        decided_at: null,
        decided_by: null,
        position: String(position),
        revision,
      };
    case 'ActivationApproved':
      return decided(row, 'APPROVED', data, revision);
    case 'ActivationRejected':
      return decided(row, 'REJECTED', data, revision);
    case 'ActivationCancelled':
      return decided(row, 'CANCELLED', data, revision);
  }
};

export const activationFold: ActivationFold = {
  streamsOf: (id) => [`activation-${id}`],
  events: activationEvents,
  evolve,
};
