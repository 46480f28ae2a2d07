import type { Fold } from '#shared/kernel/fold.ts';
import { resellerEvents } from './events.ts';
import type { ResellerRow } from './view.ts';

type ResellerFold = Fold<(typeof resellerEvents)['schemas'], ResellerRow>;

const evolve: ResellerFold['evolve'] = (_row, { type, data, position, revision }) => {
  switch (type) {
    case 'ResellerRegistered':
      return {
        reseller_id: data.resellerId,
        subject_id: data.subjectId,
        full_name: data.fullName,
        cpf: data.cpf,
        email: data.email,
        registered_at: new Date(data.at),
        position: String(position),
        revision: Number(revision),
      };
    case 'ResellerErased':
      return undefined;
  }
};

export const resellerFold: ResellerFold = {
  streamsOf: (id) => [`reseller-${id}`],
  events: resellerEvents,
  evolve,
};
