import type { Fold } from '#shared/kernel/fold.ts';
import { activationEvents } from './events.ts';
import type { ActivationRow } from './view.ts';

type ActivationFold = Fold<(typeof activationEvents)['schemas'], ActivationRow>;

const evolve: ActivationFold['evolve'] = (row, { type, data, revision: at, position }) => {
  const revision = Number(at);
  const decided = (status: ActivationRow['status'], by: string, reason: string | null = null) =>
    row && { ...row, status, reason, decided_at: new Date(data.at), decided_by: by, revision };

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
      return decided('APPROVED', data.by);
    case 'ActivationRejected':
      return decided('REJECTED', data.by, data.reason);
    case 'ActivationCancelled':
      return decided('CANCELLED', data.by, data.reason);
  }
};

export const activationFold: ActivationFold = {
  streamsOf: (id) => [`activation-${id}`],
  events: activationEvents,
  evolve,
};
