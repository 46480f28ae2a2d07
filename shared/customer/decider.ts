import type { SubjectId } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { CustomerCommand } from './commands.ts';
import type { CustomerEvent } from './events.ts';

export type KeptCustomer = {
  readonly status: 'kept';
  readonly subjectId: SubjectId;
  /** These are `null` once the person was erased. */
  readonly name: string | null;
  readonly email: string | null;
};

export type Customer =
  | { readonly status: 'none' }
  | KeptCustomer
  | { readonly status: 'removed'; readonly subjectId: SubjectId };

export type CustomerRefusal =
  | 'customer-not-found'
  | 'customer-already-registered'
  /** Said by whoever keeps e-mails apart: each is reserved in a stream of its own. */
  | 'email-taken';

type Outcome = Decision<CustomerEvent, CustomerRefusal>;

/** What is so already is no news. */
const change = (
  { data: { customerId, at, name, email } }: Named<CustomerCommand, 'ChangeCustomer'>,
  customer: KeptCustomer,
): Decision<CustomerEvent, never> => {
  const about = { customerId, subjectId: customer.subjectId, at };
  const changes: CustomerEvent[] = [];
  if (name !== undefined && name !== customer.name)
    changes.push({ type: 'CustomerRenamed', data: { ...about, name } });
  if (email !== undefined && email.email !== customer.email)
    changes.push({ type: 'CustomerEmailChanged', data: { ...about, ...email } });
  return accept(...changes);
};

const decide = (command: CustomerCommand, customer: Customer): Outcome => {
  switch (command.type) {
    case 'RegisterCustomer':
      return customer.status === 'none'
        ? accept({ type: 'CustomerRegistered', data: command.data })
        : refuse('customer-already-registered');
    case 'ChangeCustomer':
      return customer.status === 'kept' ? change(command, customer) : refuse('customer-not-found');
    case 'RemoveCustomer':
      return customer.status === 'kept'
        ? accept({
            type: 'CustomerRemoved',
            data: { ...command.data, subjectId: customer.subjectId },
          })
        : refuse('customer-not-found');
  }
};

const evolve = (customer: Customer, { type, data }: CustomerEvent): Customer => {
  if (type === 'CustomerRegistered') {
    const { subjectId, name, email } = data;
    return { status: 'kept', subjectId, name, email };
  }
  if (customer.status !== 'kept') return customer;
  switch (type) {
    case 'CustomerRenamed':
      return { ...customer, name: data.name };
    case 'CustomerEmailChanged':
      return { ...customer, email: data.email };
    case 'CustomerRemoved':
      return { status: 'removed', subjectId: customer.subjectId };
  }
};

/** Somebody with a list of favourites. Once removed, they are nobody any more, for good. */
export const customer: Decider<Customer, CustomerCommand, CustomerEvent, CustomerRefusal> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};
