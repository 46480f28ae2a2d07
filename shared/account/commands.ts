import type { Static } from 'typebox';
import type { AccountId, CompanyId, SubjectId } from '#shared/ids.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

export const Password = Type.String({ minLength: 10, maxLength: 128 });
/** No spaces and nothing invisible in it. */
export const Username = Type.String({ pattern: '^[^\\s\\p{C}]{1,254}$' });

export type Change = Static<typeof Change>;
export const Change = closed({
  password: Type.Optional(Password),
  disabled: Type.Optional(Type.Boolean()),
});

export type AccountCommand =
  | Message<
      'OpenAccount',
      {
        readonly accountId: AccountId;
        readonly subjectId: SubjectId;
        readonly username: string;
        readonly role: string;
        readonly companyId?: CompanyId;
        readonly at: Instant;
      }
    >
  | Message<
      'ChangeAccount',
      {
        readonly accountId: AccountId;
        /** Which password is the new one, if there is a new one. */
        readonly passwordId?: string;
        readonly disabled?: boolean;
        readonly at: Instant;
      }
    >;

export type Revocation =
  'signed-out' | 'token-reused' | 'password-changed' | 'account-disabled' | 'account-erased';

export type SignInCommand =
  | Message<
      'AdmitSignIn',
      {
        readonly signInId: string;
        readonly accountId: AccountId;
        readonly role: string;
        readonly at: Instant;
      }
    >
  | Message<
      'RefuseSignIn',
      {
        readonly signInId: string;
        readonly login: string;
        readonly accountId?: AccountId;
        /** It was one failure too many: nobody is let in under this name before then. */
        readonly lockedUntil?: Instant;
        readonly at: Instant;
      }
    >
  | Message<
      'RevokeSession',
      {
        readonly signInId: string;
        readonly accountId: AccountId;
        readonly reason: string;
        readonly at: Instant;
      }
    >;
