import type { CredentialChange, Credentials } from '#shared/account/ports.ts';
import type { AccountId } from '#shared/ids.ts';
import type { Handled } from '#shared/kernel/handle-command.ts';
import type { Meta } from '#shared/kernel/message.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import { loginHash } from './accounts.ts';
import type { Passwords } from './passwords.ts';

type Deps = {
  readonly credentials: Credentials;
  readonly passwords: Passwords;
  readonly hash: KeyedHash;
};

type SignIn<Taken> = {
  readonly id: string;
  readonly role: string;
  /** In the order in which they are blamed; the last one when it cannot be told. */
  readonly logins: readonly { readonly name: string; readonly taken: Taken }[];
  readonly password: string;
  /** What the command writes to. */
  readonly stream: string;
};

/**
 * For capabilities whose people sign in too: has their command decided, and the credentials follow
 * it. Looked after like those of any account when the process dies in between.
 */
export const withSignIn = ({ credentials, passwords, hash }: Deps) => {
  const hashed = ({ name }: { readonly name: string }) => loginHash(hash, name);

  const takenBy = async <Taken>({ id, logins }: SignIn<Taken>): Promise<Taken> => {
    for (const login of logins) {
      const found = await credentials.find(hashed(login));
      if (found && found.accountId !== id) return login.taken;
    }
    const last = logins.at(-1);
    if (!last) throw new Error('An account without a login was refused for one of them');
    return last.taken;
  };

  const changeFor = async (account: SignIn<unknown>, meta: Meta): Promise<CredentialChange> => ({
    ...{ accountId: account.id as AccountId, stream: account.stream, meta },
    opens: { role: account.role, logins: account.logins.map(hashed) },
    passwordHash: await passwords.hash(account.password),
  });

  return async <State, Refusal, Taken>(
    account: SignIn<Taken>,
    meta: Meta,
    handle: (secure: () => Promise<Taken | undefined>) => Promise<Handled<State, Refusal>>,
  ): Promise<Handled<State, Refusal>> => {
    let intended: CredentialChange | undefined;
    const handled = await handle(async () => {
      const change = intended ?? (await changeFor(account, meta));
      if ((await credentials.intend(change)) === 'login-taken') return takenBy(account);
      intended = change;
      return undefined;
    });

    if (handled.outcome === 'refused') {
      if (intended) await credentials.forget(intended);
    } else if (handled.revision !== 'no-stream')
      // A repeat settles what was left undone the first time.
      await credentials.settle(intended ?? (await changeFor(account, meta)), handled.revision);
    return handled;
  };
};
