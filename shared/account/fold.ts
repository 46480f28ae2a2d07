import type { Fold } from '#shared/kernel/fold.ts';
import { accountEvents } from './events.ts';
import type { AccountRow } from './view.ts';

type AccountFold = Fold<(typeof accountEvents)['schemas'], AccountRow>;

const evolve: AccountFold['evolve'] = (row, { type, data, revision: at, position }) => {
  const revision = Number(at);
  switch (type) {
    case 'AccountOpened':
      return {
        account_id: data.accountId,
        subject_id: data.subjectId,
        username: data.username,
        role: data.role,
        company_id: data.companyId ?? null,
        disabled: false,
        opened_at: new Date(data.at),
        position: String(position),
        revision,
      };
    case 'PasswordChanged':
      return row && { ...row, revision };
    case 'AccountDisabled':
      return row && { ...row, disabled: true, revision };
    case 'AccountEnabled':
      return row && { ...row, disabled: false, revision };
  }
};

export const accountFold: AccountFold = {
  streamsOf: (id) => [`account-${id}`],
  events: accountEvents,
  evolve,
};
