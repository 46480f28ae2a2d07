import type { Knex } from 'knex';
import type { BalanceOf, CashbackBalance } from '#shared/cashback-month/ports.ts';
import { cashbackAdjustmentsView, resellerMonthsView } from '#shared/cashback-month/view.ts';
import { purchasesView } from '#shared/purchase/view.ts';
import { resellersTable, resellersView, type ResellerRow } from '#shared/reseller/view.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';
import { route, type Answer, type RefusedWith, type Route } from '#shared/platform/http/route.ts';
import { openRows } from '#shared/platform/open-rows.ts';
import { CashbackMonthShown, explained } from './months.ts';
import { adjustmentsOf, linesOf, monthsOf } from './queries.ts';

const RETRY_AFTER = { 'Retry-After': '5' };

const refusals = {
  'reseller-not-found': { status: 404, title: 'You are no reseller' },
  'cashback-api-refused': { status: 502, title: 'The partner refused to say' },
  'cashback-api-unavailable': {
    status: 503,
    title: 'The partner who keeps the balance cannot be asked',
    detail: 'Ask again in a moment, or with "accumulated=false" for the months alone.',
  },
} as const;
type Refusal = keyof typeof refusals;

/** The reseller's own, or nothing when there is none or they were erased. */
const cpfOf = async (db: Knex, keys: PersonalKeys, id: string): Promise<string | undefined> => {
  const rows = await db<ResellerRow>(resellersTable).where({ reseller_id: id });
  const sealed = { subject: 'subject_id', fields: [['cpf', 'cpf']] } as const;
  const [opened] = await openRows<ResellerRow>(keys, sealed, rows);
  return opened?.cpf ?? undefined;
};

const explainedMonthsOf = async (db: Knex, resellerId: string) => {
  const months = await monthsOf(db, resellerId);
  const named = (granted: boolean) =>
    months.filter(({ granted_at: at }) => (at !== null) === granted).map(({ month }) => month);
  const [lines, adjustments] = await Promise.all([
    linesOf(db, resellerId, { granted: named(true), open: named(false) }),
    adjustmentsOf(db, resellerId),
  ]);
  return explained(months, lines, adjustments);
};

const answered = (
  balance: CashbackBalance,
  months: readonly unknown[],
): Answer | RefusedWith<Refusal> => {
  switch (balance.outcome) {
    case 'known':
      return { status: 200, body: { accumulated: { credit: balance.credit }, months } };
    case 'refused':
      return { outcome: 'refused', reason: 'cashback-api-refused', detail: balance.message };
    case 'unavailable':
      return { outcome: 'refused', reason: 'cashback-api-unavailable', headers: RETRY_AFTER };
  }
};

export const cashbackRoutes = (db: Knex, keys: PersonalKeys, balanceOf: BalanceOf): Route[] => [
  route({
    method: 'get',
    path: '/v1/resellers/me/cashback',
    summary: 'What you have accumulated with the partner, and what each month comes to',
    access: ['reseller'],
    query: { accumulated: Type.Boolean({ default: true }) },
    reads: [resellersView, purchasesView, resellerMonthsView, cashbackAdjustmentsView],
    answers: {
      200: Type.Object({
        /** The partner's own figure, in a unit that it does not document. */
        accumulated: Type.Optional(
          Type.Object({ credit: Type.Union([Type.Number(), Type.String()]) }),
        ),
        /** The newest first. */
        months: Type.Array(CashbackMonthShown),
      }),
    },
    refusals,
    handle: async ({ caller, query: { accumulated: isAsked } }) => {
      const cpf = await cpfOf(db, keys, caller.id);
      if (cpf === undefined) return { outcome: 'refused', reason: 'reseller-not-found' };

      const [balance, months] = await Promise.all([
        isAsked ? balanceOf(cpf) : undefined,
        explainedMonthsOf(db, caller.id),
      ]);
      return balance ? answered(balance, months) : { status: 200, body: { months } };
    },
  }),
];
