import type { SubjectId } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { ResellerCommand } from './commands.ts';
import type { ResellerEvent } from './events.ts';

export type Reseller =
  | { readonly status: 'none' }
  | {
      readonly status: 'registered';
      readonly subjectId: SubjectId;
      /** These are `null` once the person was erased. */
      readonly fullName: string | null;
      readonly cpf: string | null;
      readonly email: string | null;
    }
  | { readonly status: 'erased'; readonly subjectId: SubjectId };

export type ResellerRefusal =
  | 'cpf-taken'
  /** Whether an e-mail is free is not in this stream: it is reserved in one of its own. */
  | 'email-taken'
  | 'reseller-not-found'
  | 'month-open';

type Outcome = Decision<ResellerEvent, ResellerRefusal>;

/** Whoever is still due something is not forgotten before they have been granted it. */
const erase = ({ data }: Named<ResellerCommand, 'EraseReseller'>, reseller: Reseller): Outcome => {
  const { openMonths, ...erased } = data;
  switch (reseller.status) {
    case 'none':
      return refuse('reseller-not-found');
    case 'registered': {
      if (openMonths.length > 0) return refuse('month-open');
      const { subjectId } = reseller;
      return accept({ type: 'ResellerErased', data: { ...erased, subjectId } });
    }
    case 'erased':
      return accept();
  }
};

const decide = (command: ResellerCommand, reseller: Reseller): Outcome => {
  switch (command.type) {
    case 'RegisterReseller':
      return reseller.status === 'none'
        ? accept({ type: 'ResellerRegistered', data: command.data })
        : refuse('cpf-taken');
    case 'EraseReseller':
      return erase(command, reseller);
  }
};

const evolve = (_reseller: Reseller, { type, data }: ResellerEvent): Reseller => {
  switch (type) {
    case 'ResellerRegistered': {
      const { subjectId, fullName, cpf, email } = data;
      return { status: 'registered', subjectId, fullName, cpf, email };
    }
    case 'ResellerErased':
      return { status: 'erased', subjectId: data.subjectId };
  }
};

/**
 * Somebody who sells. Their stream is named after their CPF, so there is one for each; who was
 * erased stays so, and their CPF is not taken a second time.
 */
export const reseller: Decider<Reseller, ResellerCommand, ResellerEvent, ResellerRefusal> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};
