import type { Fold } from '#shared/kernel/fold.ts';
import { customerEvents } from './events.ts';
import type { CustomerRow } from './view.ts';

type CustomerFold = Fold<(typeof customerEvents)['schemas'], CustomerRow>;

const evolve: CustomerFold['evolve'] = (row, { type, data, revision: at, position }) => {
  const revision = Number(at);
  switch (type) {
    case 'CustomerRegistered':
      return {
        customer_id: data.customerId,
        subject_id: data.subjectId,
        name: data.name,
        email: data.email,
        email_hash: data.emailHash,
        position: String(position),
        revision,
      };
    case 'CustomerRenamed':
      return row && { ...row, name: data.name, revision };
    case 'CustomerEmailChanged':
      return row && { ...row, email: data.email, email_hash: data.emailHash, revision };
    case 'CustomerRemoved':
      return undefined;
  }
};

export const customerFold: CustomerFold = {
  streamsOf: (id) => [`customer-${id}`],
  events: customerEvents,
  evolve,
};
