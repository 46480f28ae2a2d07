import { accept, refuse, type Decider } from '#shared/kernel/decider.ts';
import type { ResellerCommand } from './commands.ts';
import type { ResellerEvent } from './events.ts';

export type Reseller =
  | { readonly status: 'none' }
  | {
      readonly status: 'registered';
      /** These are `null` once the person was erased. */
      readonly fullName: string | null;
      readonly cpf: string | null;
      readonly email: string | null;
    };

/** Whether an e-mail is free is not in this stream: it is reserved in one of its own. */
export type ResellerRefusal = 'cpf-taken' | 'email-taken';

/** Somebody who sells. Their stream is named after their CPF, so there is one for each. */
export const reseller: Decider<Reseller, ResellerCommand, ResellerEvent, ResellerRefusal> = {
  initialState: { status: 'none' },
  decide: ({ data }, { status }) => {
    switch (status) {
      case 'none':
        return accept({ type: 'ResellerRegistered', data });
      case 'registered':
        return refuse('cpf-taken');
    }
  },
  evolve: (_reseller, { data: { fullName, cpf, email } }) => ({
    status: 'registered',
    fullName,
    cpf,
    email,
  }),
};
