import type { AccountId, CompanyId, SubjectId } from '#shared/ids.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { AccountCommand, SignInCommand } from './commands.ts';
import type { AccountEvent, SignInEvent } from './events.ts';

export const noon = '2026-01-15T12:00:00.000Z' as Instant;
export const aQuarterPast = '2026-01-15T12:15:00.000Z' as Instant;
export const anAccount = '5d0b2a52-3c5e-5a0e-9d0a-0000000000a1' as AccountId;
export const aSubject = '5d0b2a52-3c5e-5a0e-9d0a-0000000000c1' as SubjectId;
export const aSignIn = '5d0b2a52-3c5e-5a0e-9d0a-0000000000d1';
export const aCompany = '1' as CompanyId;

const about = { accountId: anAccount, at: noon };
const opening = { ...about, subjectId: aSubject, username: 'ana', role: 'analyst' };
type Belonging = { readonly role?: string; readonly companyId?: CompanyId };

/** One valid example of each message; name only what the spec is about. */
export const opened = (data: Belonging = {}): AccountEvent => ({
  type: 'AccountOpened',
  data: { ...opening, ...data },
});
export const passwordChanged = (passwordId = 'second'): AccountEvent => ({
  type: 'PasswordChanged',
  data: { ...about, passwordId },
});
export const disabled = (): AccountEvent => ({ type: 'AccountDisabled', data: about });
export const enabled = (): AccountEvent => ({ type: 'AccountEnabled', data: about });

export const open = (data: Belonging = {}): AccountCommand => ({
  type: 'OpenAccount',
  data: { ...opening, ...data },
});
type Changes = { readonly passwordId?: string; readonly disabled?: boolean };
export const change = (data: Changes = {}): AccountCommand => ({
  type: 'ChangeAccount',
  data: { ...about, ...data },
});

const attempt = { signInId: aSignIn, at: noon };
const admitted = { ...attempt, accountId: anAccount, role: 'analyst' };
const failure = { ...attempt, login: 'a-keyed-hash' };

export const signedIn = (): SignInEvent => ({ type: 'SignedIn', data: admitted });
export const signInFailed = (): SignInEvent => ({ type: 'SignInFailed', data: failure });
export const accountLocked = (): SignInEvent => ({
  type: 'AccountLocked',
  data: { ...failure, until: aQuarterPast },
});
export const sessionRevoked = (reason = 'signed-out'): SignInEvent => ({
  type: 'SessionRevoked',
  data: { ...attempt, accountId: anAccount, reason },
});

export const admit = (): SignInCommand => ({ type: 'AdmitSignIn', data: admitted });
export const turnAway = (lockedUntil?: Instant): SignInCommand => ({
  type: 'RefuseSignIn',
  data: { ...failure, ...(lockedUntil !== undefined && { lockedUntil }) },
});
export const revoke = (reason = 'signed-out'): SignInCommand => ({
  type: 'RevokeSession',
  data: { ...attempt, accountId: anAccount, reason },
});
