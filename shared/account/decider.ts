import type { CompanyId } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { AccountCommand } from './commands.ts';
import type { AccountEvent } from './events.ts';

export type Account =
  | { readonly status: 'none' }
  | {
      readonly status: 'open';
      /** `null` once the person was erased. */
      readonly username: string | null;
      readonly role: string;
      readonly companyId?: CompanyId;
      readonly disabled: boolean;
      /** The last one that it was given since it was opened. */
      readonly passwordId?: string;
    };

export type AccountRefusal = 'username-taken' | 'account-not-found';

type Outcome = Decision<AccountEvent, AccountRefusal>;

const change = (
  { data: { accountId, at, passwordId, disabled } }: Named<AccountCommand, 'ChangeAccount'>,
  account: Account,
): Outcome => {
  if (account.status === 'none') return refuse('account-not-found');
  const changes: AccountEvent[] = [];
  if (passwordId !== undefined && passwordId !== account.passwordId)
    changes.push({ type: 'PasswordChanged', data: { accountId, at, passwordId } });
  if (disabled !== undefined && disabled !== account.disabled)
    changes.push({
      type: disabled ? 'AccountDisabled' : 'AccountEnabled',
      data: { accountId, at },
    });
  return accept(...changes);
};

const decide = (command: AccountCommand, account: Account): Outcome => {
  switch (command.type) {
    case 'OpenAccount':
      return account.status === 'none'
        ? accept({ type: 'AccountOpened', data: command.data })
        : refuse('username-taken');
    case 'ChangeAccount':
      return change(command, account);
  }
};

type Open = Extract<Account, { readonly status: 'open' }>;
const changed = (account: Account, changes: Partial<Open>): Account =>
  account.status === 'none' ? account : { ...account, ...changes };

const evolve = (account: Account, { type, data }: AccountEvent): Account => {
  switch (type) {
    case 'AccountOpened': {
      const { username, role, companyId } = data;
      const belongs = companyId === undefined ? {} : { companyId };
      return { status: 'open', username, role, ...belongs, disabled: false };
    }
    case 'PasswordChanged':
      return changed(account, { passwordId: data.passwordId });
    case 'AccountDisabled':
      return changed(account, { disabled: true });
    case 'AccountEnabled':
      return changed(account, { disabled: false });
  }
};

/** Somebody who can sign in. Opened once under a username, and what it may do never changes. */
export const account: Decider<Account, AccountCommand, AccountEvent, AccountRefusal> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};
