import type { Static } from 'typebox';
import type { CustomerId, SubjectId } from '#shared/ids.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
const Email = Type.String({ format: 'email', maxLength: 254 });

export type Registration = Static<typeof Registration>;
export const Registration = closed({ name: Name, email: Email });

export type Change = Static<typeof Change>;
export const Change = closed({ name: Type.Optional(Name), email: Type.Optional(Email) });

/** An e-mail comes with its keyed hash, or not at all. */
type Email = { readonly email: string; readonly emailHash: string };
type About = { readonly customerId: CustomerId; readonly at: Instant };

export type CustomerCommand =
  | Message<
      'RegisterCustomer',
      About & Email & { readonly subjectId: SubjectId; readonly name: string }
    >
  | Message<'ChangeCustomer', About & { readonly name?: string; readonly email?: Email }>
  | Message<'RemoveCustomer', About>;
