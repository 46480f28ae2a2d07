import type { Static } from 'typebox';
import type { AccountId, ResellerId, SubjectId } from '#shared/ids.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import { CpfText, type Cpf } from '#shared/kernel/cpf.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

/** What somebody has to say to become a reseller. */
export type Registration = Static<typeof Registration>;
export const Registration = closed({
  fullName: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  cpf: CpfText,
  email: Type.String({ format: 'email', maxLength: 254 }),
  password: Type.String({ minLength: 10, maxLength: 128 }),
});

export type Erasure = Static<typeof Erasure>;
export const Erasure = closed({
  /** On record for good: it must name nobody. */
  reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }),
});

export type ResellerCommand =
  | Message<
      'RegisterReseller',
      {
        readonly resellerId: ResellerId;
        readonly subjectId: SubjectId;
        readonly fullName: string;
        readonly cpf: Cpf;
        readonly email: string;
        readonly at: Instant;
      }
    >
  | Message<
      'EraseReseller',
      {
        readonly resellerId: ResellerId;
        /** Those of their months for which they have not been granted what they are due. */
        readonly openMonths: readonly Month[];
        readonly by: AccountId;
        readonly reason: string;
        readonly at: Instant;
      }
    >;
