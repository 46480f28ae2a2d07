import type { Static } from 'typebox';
import { Change, Password, Username } from '#shared/account/commands.ts';
import type { Account, AccountRefusal } from '#shared/account/decider.ts';
import { AccountId, CompanyId } from '#shared/ids.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { Role } from '#shared/platform/http/caller.ts';
import { answer } from '#shared/platform/http/command.ts';
import { problems, Rejected } from '#shared/platform/http/problem.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';
import type { Accounts } from './accounts.ts';

export type AccountDeps = {
  readonly accounts: Accounts;
  readonly companyExists: (id: CompanyId) => Promise<boolean>;
};

type Body = Static<typeof Body>;
const Body = closed({
  username: Username,
  password: Password,
  role: Role,
  companyId: Type.Optional(CompanyId),
});

const Shown = closed({
  id: AccountId,
  username: Type.Union([Type.String(), Type.Null()]),
  role: Role,
  companyId: Type.Optional(CompanyId),
});

const refusals: Refusals<AccountRefusal | 'company-not-found'> = {
  'username-taken': { status: 409, title: 'There is an account with this username' },
  'account-not-found': { status: 404, title: 'No such account' },
  'company-not-found': { status: 404, title: 'No such company' },
};

const shownAs = (id: string, state: Account) => {
  if (state.status === 'none') throw new Error('An accepted command left no account');
  const { username, role, companyId } = state;
  return { id, username, role, ...(companyId !== undefined && { companyId }) };
};

const flaw = (code: string, message: string) =>
  new Rejected(problems.invalid([{ pointer: '/companyId', code, message }]));

/** @throws {Rejected} */
const checkBelonging = ({ role, companyId }: Body): void => {
  if (role === 'partner' && companyId === undefined)
    throw flaw('required', 'is required for a partner');
  if (role !== 'partner' && companyId !== undefined)
    throw flaw('not-allowed', 'is for partners only');
};

/** Everything an administrator can do about accounts. */
export const accountRoutes = ({ accounts, companyExists }: AccountDeps): Route[] => [
  route({
    method: 'post',
    path: '/v1/accounts',
    summary: 'Open an account',
    access: ['admin'],
    body: Body,
    answers: { 201: Shown },
    refusals,
    handle: async ({ body, asked }) => {
      checkBelonging(body);
      if (body.companyId !== undefined && !(await companyExists(body.companyId)))
        return { outcome: 'refused', reason: 'company-not-found' };
      const handled = await accounts.open(body, asked());
      const { id } = handled;
      const location = `/v1/accounts/${id}`;
      return answer(handled, (state) => ({ status: 201, body: shownAs(id, state), location }));
    },
  }),
  route({
    method: 'patch',
    path: '/v1/accounts/{id}',
    summary: 'Give an account another password, disable it, or enable it again',
    thing: 'account',
    access: ['admin'],
    params: { id: AccountId },
    body: Change,
    answers: { 200: Shown },
    refusals,
    handle: async ({ params: { id }, body, asked }) =>
      answer(await accounts.change(id, body, asked()), (state) => ({
        status: 200,
        body: shownAs(id, state),
      })),
  }),
];
