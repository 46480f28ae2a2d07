import type { CustomerId, SubjectId } from '#shared/ids.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { CustomerCommand } from './commands.ts';
import type { CustomerEvent } from './events.ts';

export const noon = '2026-01-15T12:00:00.000Z' as Instant;
export const aCustomer = '5d0b2a52-3c5e-5a0e-9d0a-000000000701' as CustomerId;
export const aPerson = '5d0b2a52-3c5e-5a0e-9d0a-000000000702' as SubjectId;

const about = { customerId: aCustomer, subjectId: aPerson, at: noon };
const ana = { ...about, name: 'Ana', email: 'Ana@example.com', emailHash: 'hash-of-ana' };
const asked = { customerId: aCustomer, at: noon };

/** One valid example of each message; name only what the spec is about. */
export const registered = (data: Partial<typeof ana> = {}): CustomerEvent => ({
  type: 'CustomerRegistered',
  data: { ...ana, ...data },
});
export const renamed = (name = 'Ana Lima'): CustomerEvent => ({
  type: 'CustomerRenamed',
  data: { ...about, name },
});
export const emailChanged = (email = 'lima@example.com'): CustomerEvent => ({
  type: 'CustomerEmailChanged',
  data: { ...about, email, emailHash: `hash-of-${email}` },
});
export const removed = (): CustomerEvent => ({ type: 'CustomerRemoved', data: about });

export const register = (data: Partial<typeof ana> = {}): CustomerCommand => ({
  type: 'RegisterCustomer',
  data: { ...ana, ...data },
});
export const change = (data: { readonly name?: string; readonly email?: string }) => {
  const { email, ...rest } = data;
  return {
    type: 'ChangeCustomer',
    data: {
      ...asked,
      ...rest,
      ...(email !== undefined && { email: { email, emailHash: `hash-of-${email}` } }),
    },
  } satisfies CustomerCommand;
};
export const remove = (): CustomerCommand => ({ type: 'RemoveCustomer', data: asked });
