import { randomUUID } from 'node:crypto';
import type { SignInCommand } from '#shared/account/commands.ts';
import { signInEvents } from '#shared/account/events.ts';
import type { Attempt, Credential, Holder, Vault } from '#shared/account/ports.ts';
import { signIn } from '#shared/account/sign-in.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import type { Instant, Meta } from '#shared/kernel/message.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import { ACCESS_TOKEN_SECONDS, type IssueAccessToken } from './access-tokens.ts';
import { loginHash } from './accounts.ts';
import { oneAtATime } from '#shared/platform/one-at-a-time.ts';
import type { Passwords } from './passwords.ts';
import type { RefreshTokens } from './refresh-tokens.ts';

export type SignInDeps = {
  readonly eventStore: EventStore;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly hash: KeyedHash;
  readonly accessToken: IssueAccessToken;
  readonly refreshTokens: RefreshTokens;
};

/** With the names of RFC 6749, section 5.1. */
export type Tokens = {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly refresh_token: string;
};

export const tokensFor = (
  { accessToken }: Pick<SignInDeps, 'accessToken'>,
  holder: Holder,
  refreshToken: string,
  at: Instant,
): Tokens => ({
  access_token: accessToken(holder, at),
  token_type: 'Bearer',
  expires_in: ACCESS_TOKEN_SECONDS,
  refresh_token: refreshToken,
});

export type Presented = {
  readonly username: string;
  readonly password: string;
  readonly device: string;
};

export type SignedIn =
  | { readonly outcome: 'signed in'; readonly tokens: Tokens; readonly position?: bigint }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'locked'; readonly forMs: number };

const laterThan = (at: Instant, ms: number) =>
  new Date(Date.parse(at) + ms).toISOString() as Instant;

const recorder = (eventStore: EventStore) => {
  const handle = commandHandler(eventStore, 'signIn', signInEvents, signIn, { fresh: true });
  return async (command: SignInCommand, meta: Meta): Promise<bigint | undefined> => {
    const handled = await handle(command.data.signInId, command, { meta, keyed: false });
    return handled.outcome === 'accepted' ? handled.position : undefined;
  };
};

const as = (meta: Meta, { accountId: id, role }: Holder): Meta => ({
  ...meta,
  actor: { id, role },
});

/**
 * The session first, which nobody gets who is disabled or has another password by now; then the
 * record. No token leaves without both.
 */
const admission = ({ eventStore, vault: { sessions }, ...deps }: SignInDeps) => {
  const record = recorder(eventStore);

  return async (credential: Credential, device: string, meta: Meta) => {
    const { at } = meta;
    const id = randomUUID();
    const { token, hash: tokenHash } = deps.refreshTokens.make(id);
    if (!(await sessions.open({ id, tokenHash, device, at }, credential))) return undefined;

    const { accountId, role } = credential;
    const data = { signInId: id, accountId, role, at };
    try {
      const position = await record({ type: 'AdmitSignIn', data }, as(meta, credential));
      const tokens = tokensFor(deps, credential, token, at);
      return { tokens, ...(position !== undefined && { position }) };
    } catch (error) {
      await sessions.discard(id);
      throw error;
    }
  };
};

const failure = ({ eventStore }: SignInDeps) => {
  const record = recorder(eventStore);
  return async (
    login: string,
    credential: Credential | undefined,
    { last, resetsInMs }: Extract<Attempt, { readonly outcome: 'taken' }>,
    meta: Meta,
  ): Promise<void> => {
    const { at } = meta;
    const data = {
      ...{ signInId: randomUUID(), login, at },
      ...(credential && { accountId: credential.accountId }),
      ...(last && { lockedUntil: laterThan(at, resetsInMs) }),
    };
    await record({ type: 'RefuseSignIn', data }, meta);
  };
};

/**
 * Whoever knows the password is let in, and nobody learns from the answer, or from how long it
 * takes, whether there is such an account.
 */
export const signingIn = (deps: SignInDeps) => {
  const { vault, passwords, hash } = deps;
  const inTurn = oneAtATime();
  const admit = admission(deps);
  const fail = failure(deps);

  const attempt = async (
    login: string,
    { password, device }: Presented,
    meta: Meta,
  ): Promise<SignedIn> => {
    const taken = await vault.attempts.take(login);
    if (taken.outcome === 'none left') return { outcome: 'locked', forMs: taken.resetsInMs };

    let failed = false;
    try {
      const credential = await vault.credentials.find(login);
      const isRight = await passwords.isRight(password, credential?.passwordHash);
      const admitted = isRight && credential && (await admit(credential, device, meta));
      if (admitted) return { outcome: 'signed in', ...admitted };
      failed = true;
      await fail(login, credential, taken, meta);
      return { outcome: 'wrong' };
    } finally {
      // Whatever went wrong on our side was no guess of theirs.
      if (!failed) await vault.attempts.giveBack(login);
    }
  };

  // One name at a time: of many who know the password, none is taken for one guess too many.
  return (presented: Presented, meta: Meta): Promise<SignedIn> => {
    const login = loginHash(hash, presented.username);
    return inTurn(login, () => attempt(login, presented, meta));
  };
};
