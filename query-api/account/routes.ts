import type { Knex } from 'knex';
import { accountFold } from '#shared/account/fold.ts';
import { accountsView, type AccountRow } from '#shared/account/view.ts';
import { AccountId, CompanyId } from '#shared/ids.ts';
import type { Moment, StoodAt } from '#shared/kernel/fold.ts';
import { Instant } from '#shared/kernel/message.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';
import { asOfMark, asOfParameter, foundAt, shownAt } from '#shared/platform/http/as-of.ts';
import { Role } from '#shared/platform/http/caller.ts';
import { cursorOf, listOf, listParameters, page } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { openRows, type SealedColumns } from '#shared/platform/open-rows.ts';
import { accountById, accountsBefore } from './queries.ts';

const Account = Type.Object({
  id: AccountId,
  /** `null` once the person was erased. */
  username: Type.Union([Type.String(), Type.Null()]),
  role: Role,
  companyId: Type.Optional(CompanyId),
  disabled: Type.Boolean(),
  openedAt: Instant,
});
const OneAccount = Type.Object({ ...Account.properties, ...asOfMark });

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const SEALED: SealedColumns<AccountRow> = {
  subject: 'subject_id',
  fields: [['username', 'username']],
};

const accountOf = (row: AccountRow) => ({
  id: row.account_id,
  username: row.username,
  role: row.role,
  ...(row.company_id !== null && { companyId: row.company_id }),
  disabled: row.disabled,
  openedAt: row.opened_at.toISOString(),
});

export const accountRoutes = (db: Knex, keys: PersonalKeys, past: StoodAt): Route[] => {
  const common = { method: 'get', access: ['admin'], reads: [accountsView] } as const;
  const open = (rows: readonly AccountRow[]) => openRows(keys, SEALED, rows);

  return [
    route({
      ...common,
      path: '/v1/accounts',
      summary: 'Accounts, newest first',
      query: {
        ...listParameters,
        role: Type.Optional(Role),
        companyId: Type.Optional(CompanyId),
      },
      answers: { 200: listOf(Account) },
      refusals: {},
      handle: async ({ query: { limit, cursor, ...filter } }) => {
        const before = place.read(cursor)?.position;
        const rows = await accountsBefore(db, filter, { limit: limit + 1, before });
        return page(await open(rows), limit, accountOf, ({ position }) =>
          place.write({ position }),
        );
      },
    }),
    route({
      ...common,
      path: '/v1/accounts/{id}',
      summary: 'One account',
      thing: 'account',
      params: { id: AccountId },
      query: asOfParameter,
      answers: { 200: OneAccount },
      refusals: { 'account-not-found': { status: 404, title: 'No such account' } },
      handle: async ({ params: { id }, query: { asOf } }) => {
        const then = (moment: Moment) => past(accountFold, id, moment);
        const found = await foundAt(asOf, () => accountById(db, id), then);
        const [opened] = found ? await open([found.row]) : [];
        if (!found || !opened) return { outcome: 'refused', reason: 'account-not-found' };
        return shownAt(accountOf(opened), found);
      },
    }),
  ];
};
