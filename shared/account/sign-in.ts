import type { AccountId } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { SignInCommand } from './commands.ts';
import type { SignInEvent } from './events.ts';

export type SignIn =
  | { readonly status: 'none' }
  | { readonly status: 'refused' }
  | { readonly status: 'in session' | 'revoked'; readonly accountId: AccountId };

export type SignInRefusal = 'sign-in-decided' | 'session-not-found';

type Outcome = Decision<SignInEvent, SignInRefusal>;

const refused = ({ data }: Named<SignInCommand, 'RefuseSignIn'>): Outcome => {
  const { lockedUntil: until, ...failure } = data;
  const failed: SignInEvent = { type: 'SignInFailed', data: failure };
  if (until === undefined) return accept(failed);
  return accept<SignInEvent>(failed, { type: 'AccountLocked', data: { ...failure, until } });
};

/** A session that was ended stays so, whatever it was ended for. */
const revoke = ({ data }: Named<SignInCommand, 'RevokeSession'>, signIn: SignIn): Outcome => {
  switch (signIn.status) {
    case 'none':
    case 'refused':
      return refuse('session-not-found');
    case 'in session':
      return accept({ type: 'SessionRevoked', data });
    case 'revoked':
      return accept();
  }
};

const decide = (command: SignInCommand, signIn: SignIn): Outcome => {
  switch (command.type) {
    case 'AdmitSignIn':
      return signIn.status === 'none'
        ? accept({ type: 'SignedIn', data: command.data })
        : refuse('sign-in-decided');
    case 'RefuseSignIn':
      return signIn.status === 'none' ? refused(command) : refuse('sign-in-decided');
    case 'RevokeSession':
      return revoke(command, signIn);
  }
};

const evolve = (signIn: SignIn, { type, data }: SignInEvent): SignIn => {
  switch (type) {
    case 'SignedIn':
      return { status: 'in session', accountId: data.accountId };
    case 'SignInFailed':
    case 'AccountLocked':
      return { status: 'refused' };
    case 'SessionRevoked':
      return signIn.status === 'in session' ? { ...signIn, status: 'revoked' } : signIn;
  }
};

/** One attempt to sign in, and the life of the session that came of it. */
export const signIn: Decider<SignIn, SignInCommand, SignInEvent, SignInRefusal> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};
