import type { Change } from '#shared/account/commands.ts';
import { account, type Account, type AccountRefusal } from '#shared/account/decider.ts';
import { accountEvents } from '#shared/account/events.ts';
import { normalisedLogin } from '#shared/account/login.ts';
import type { CredentialChange, Credentials } from '#shared/account/ports.ts';
import type { AccountId, CompanyId, SubjectId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler, type Asked, type Handled } from '#shared/kernel/handle-command.ts';
import { uniqueHandler } from '#shared/kernel/handle-unique.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import { guarded } from '#shared/platform/http/guarded.ts';
import { inStep } from './in-step.ts';
import type { Passwords } from './passwords.ts';
import type { RecordRevocations } from './revocations.ts';

export type Opening = {
  readonly username: string;
  readonly password: string;
  readonly role: string;
  readonly companyId?: CompanyId;
};

export type AccountsDeps = {
  readonly eventStore: EventStore;
  readonly credentials: Credentials;
  readonly passwords: Passwords;
  readonly hash: KeyedHash;
  readonly recordRevocations: RecordRevocations;
};

export type Accounts = {
  readonly open: (
    opening: Opening,
    asked: Asked,
  ) => Promise<Handled<Account, AccountRefusal> & { readonly id: AccountId }>;
  readonly change: (
    id: AccountId,
    change: Change,
    asked: Asked,
  ) => Promise<Handled<Account, AccountRefusal>>;
};

/** The keyed hash by which a login is found. */
export const loginHash = (hash: KeyedHash, login: string): string =>
  hash('login', normalisedLogin(login));

/** The same username always gives the same account: there cannot be two of it. */
export const accountIdOf = (hash: KeyedHash, username: string): AccountId =>
  derivedId('account', loginHash(hash, username)) as AccountId;

/** Whose personal data an account's is. */
export const subjectOf = (accountId: AccountId): SubjectId =>
  derivedId('subject', 'account', accountId) as SubjectId;

export const streamOf = (accountId: AccountId): string => `account-${accountId}`;

const belonging = ({ companyId }: Opening) => (companyId === undefined ? {} : { companyId });

const taken = <State>(
  handled: Handled<State, AccountRefusal | 'login-taken'>,
): Handled<State, AccountRefusal> =>
  handled.outcome === 'refused' && handled.reason === 'login-taken'
    ? { outcome: 'refused', reason: 'username-taken' }
    : (handled as Handled<State, AccountRefusal>);

const openingIn = ({
  eventStore,
  credentials,
  passwords,
  hash,
}: AccountsDeps): Accounts['open'] => {
  const handle = uniqueHandler(eventStore, 'account', accountEvents, account);

  return async (opening, request) => {
    const { username, password, role } = opening;
    const asked = guarded(hash, request);
    const { meta } = asked;
    const id = accountIdOf(hash, username);
    const logins = [loginHash(hash, username)];
    const change: CredentialChange = {
      ...{ accountId: id, stream: streamOf(id), meta },
      opens: { role, ...belonging(opening), logins },
      passwordHash: await passwords.hash(password),
    };
    const data = {
      ...{ accountId: id, subjectId: subjectOf(id), username, role },
      ...belonging(opening),
      at: meta.at,
    };
    const naming = {
      idOf: () => id,
      spent: () => false,
      commandFor: () => ({ type: 'OpenAccount', data }) as const,
    };
    return { ...taken(await inStep(credentials, change, () => handle(naming, asked))), id };
  };
};

const changingIn = (deps: AccountsDeps): Accounts['change'] => {
  const { eventStore, credentials, passwords, hash, recordRevocations } = deps;
  const handle = commandHandler(eventStore, 'account', accountEvents, account);

  return async (id, { password, disabled }, request) => {
    const asked = guarded(hash, request);
    const { meta } = asked;
    const disabling = disabled === undefined ? {} : { disabled };
    const passwordId = derivedId('password', meta.commandId);
    const data = {
      ...{ accountId: id, at: meta.at },
      ...disabling,
      ...(password !== undefined && { passwordId }),
    };
    const change: CredentialChange = {
      ...{ accountId: id, stream: streamOf(id), meta },
      ...disabling,
      ...(password !== undefined && { passwordHash: await passwords.hash(password) }),
    };
    const handled = taken(
      await inStep(credentials, change, () => handle(id, { type: 'ChangeAccount', data }, asked)),
    );
    await recordRevocations({ accountId: id });
    return handled;
  };
};

/** Opening and changing accounts, their credentials in step with the log. */
export const accountsIn = (deps: AccountsDeps): Accounts => ({
  open: openingIn(deps),
  change: changingIn(deps),
});
