import { AccountId, CompanyId, SubjectId } from '#shared/ids.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { personal } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';

const about = { accountId: AccountId, at: Instant };

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
// No password, no hash of one and no token is ever part of an event: what is in the log stays.
export const accountEvents = contract('account', {
  AccountOpened: Type.Object({
    ...about,
    subjectId: SubjectId,
    username: personal(Type.String()),
    role: Type.String(),
    companyId: Type.Optional(CompanyId),
  }),
  /** `passwordId` tells one password from the next, and nothing about either. */
  PasswordChanged: Type.Object({ ...about, passwordId: Type.String() }),
  AccountDisabled: Type.Object(about),
  AccountEnabled: Type.Object(about),
});
export type AccountEvent = MessagesIn<typeof accountEvents>;

const attempt = { signInId: Type.String({ format: 'uuid' }), at: Instant };
/** A keyed hash: attempts at one name can be seen to belong together, and the name cannot. */
const login = Type.String();

/**
 * One attempt to sign in, and the session that came of it, which has the same id. A stream of its
 * own: an account's ETag must not move because somebody signs in.
 */
export const signInEvents = contract('signIn', {
  SignedIn: Type.Object({ ...attempt, accountId: AccountId, role: Type.String() }),
  SignInFailed: Type.Object({ ...attempt, login, accountId: Type.Optional(AccountId) }),
  /** Too many failures: nobody signs in under this name before `until`. */
  AccountLocked: Type.Object({
    ...attempt,
    login,
    accountId: Type.Optional(AccountId),
    until: Instant,
  }),
  SessionRevoked: Type.Object({ ...attempt, accountId: AccountId, reason: Type.String() }),
});
export type SignInEvent = MessagesIn<typeof signInEvents>;
