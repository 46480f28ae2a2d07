import type { AccountId, CompanyId } from '#shared/ids.ts';
import type { Instant, Meta } from '#shared/kernel/message.ts';

// Passwords and tokens are the one thing that is not event-sourced: what is in the log stays, and
// these must not. Only hashes are kept, and they are kept here.

/** Who holds a token. */
export type Holder = {
  readonly accountId: AccountId;
  readonly role: string;
  readonly companyId?: CompanyId;
};

export type Credential = Holder & { readonly passwordHash: string; readonly disabled: boolean };

/** What a command does to the credentials of an account, beside what it puts in the log. */
export type CredentialChange = {
  readonly accountId: AccountId;
  /** The stream that the command writes to: its event there says that it was done. */
  readonly stream: string;
  readonly meta: Meta;
  /** Makes them. `logins` are keyed hashes of what the account signs in with. */
  readonly opens?: {
    readonly role: string;
    readonly companyId?: CompanyId;
    readonly logins: readonly string[];
  };
  readonly passwordHash?: string;
  readonly disabled?: boolean;
};

/**
 * Credentials follow the log, though no password is in it: a change is written down before the
 * command is decided, and takes effect once its event is in the log. Whatever crashes in between,
 * the event says afterwards whether the change is to be settled or forgotten.
 */
export type Credentials = {
  /** `login-taken`: one of the logins is another account's, and nothing was written down. */
  readonly intend: (change: CredentialChange) => Promise<'intended' | 'login-taken'>;
  /**
   * The event stands at this revision of the stream: changes take effect in the order of the log,
   * and each of them once. A new password, or being disabled, ends every session of the account.
   */
  readonly settle: (change: CredentialChange, revision: bigint) => Promise<void>;
  /** The command came to nothing. */
  readonly forget: (change: CredentialChange) => Promise<void>;
  /** For whoever is erased: what they signed in with is gone, their sessions end, for good. */
  readonly close: (accountId: AccountId, meta: Meta) => Promise<void>;
  /** What was intended longer than that ago and is neither settled nor forgotten, oldest first. */
  readonly unsettled: (olderThanMs: number, limit: number) => Promise<readonly CredentialChange[]>;
  readonly find: (login: string) => Promise<Credential | undefined>;
};

/** Why a session ended before its time. */
export type Revocation =
  'signed-out' | 'token-reused' | 'password-changed' | 'account-disabled' | 'account-erased';

export type Session = {
  readonly id: string;
  readonly device: string;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant;
  readonly expiresAt: Instant;
};

export type NewSession = {
  readonly id: string;
  readonly tokenHash: string;
  readonly device: string;
  readonly at: Instant;
};

export type Rotation = {
  readonly id: string;
  /** Of the token that was presented, and of the one that takes its place. */
  readonly presentedHash: string;
  readonly nextHash: string;
  readonly meta: Meta;
};

/** A session that was revoked, by which command. */
export type RevokedSession = {
  readonly id: string;
  readonly accountId: AccountId;
  readonly reason: Revocation;
  readonly meta: Meta;
};

export type SessionsPage = {
  readonly limit: number;
  readonly before?: { readonly createdAt: string; readonly id: string } | undefined;
};

/** A session is a family of refresh tokens, of which the last one is good. */
export type Sessions = {
  /** False if the credential is no longer what was checked: disabled, or of another password. */
  readonly open: (session: NewSession, checked: Credential) => Promise<boolean>;
  /** Takes back a session whose tokens never left. */
  readonly discard: (id: string) => Promise<void>;
  /**
   * Replaces the good token. A token that was good once and is presented again has been stolen,
   * from us or from its thief: the session is revoked. Of two at the same moment one is too late.
   */
  readonly rotate: (rotation: Rotation) => Promise<Holder | 'reused' | 'ended'>;
  readonly revoke: (id: string, reason: Revocation, meta: Meta) => Promise<void>;
  /** Newest first. */
  readonly active: (
    accountId: string,
    at: Instant,
    page: SessionsPage,
  ) => Promise<readonly Session[]>;
  /** Revoked, and not yet in the log. */
  readonly unrecorded: (
    limit: number,
    of?: { readonly id: string } | { readonly accountId: string },
  ) => Promise<readonly RevokedSession[]>;
  readonly recorded: (ids: readonly string[]) => Promise<void>;
  /** Removes what ended before then, as far as it is on record. */
  readonly purge: (endedBefore: Instant, limit: number) => Promise<void>;
};

export type Attempt =
  | {
      readonly outcome: 'taken';
      /** Nobody is let in any more if this one fails. */
      readonly last: boolean;
      readonly resetsInMs: number;
    }
  | { readonly outcome: 'none left'; readonly resetsInMs: number };

/** How often somebody may fail to sign in under one name, counted for all processes together. */
export type Attempts = {
  /** Taken before the password is looked at: guesses made at once are counted too. */
  readonly take: (login: string) => Promise<Attempt>;
  /** It was no failure. */
  readonly giveBack: (login: string) => Promise<void>;
  readonly purge: () => Promise<void>;
};

export type Vault = {
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly attempts: Attempts;
};
