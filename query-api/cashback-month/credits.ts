import type { Knex } from 'knex';
import { comparedCredit, type CreditUnit } from '#shared/cashback-month/credit.ts';
import type { BalanceOf } from '#shared/cashback-month/ports.ts';
import { resellerMonthsTable, type ResellerMonthRow } from '#shared/cashback-month/view.ts';
import { maskedCpf } from '#shared/kernel/cpf.ts';
import { amountText } from '#shared/kernel/money.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { inPages } from '#shared/platform/in-pages.ts';
import { openRows } from '#shared/platform/open-rows.ts';
import { resellersTable, type ResellerRow } from '#shared/reseller/view.ts';

/** People the partner is asked about at a time. */
const AT_ONCE = 20;
/** What is read at a time of a list that has no end. */
const CHUNK = 200;

export type CreditsDeps = {
  readonly db: Knex;
  readonly keys: PersonalKeys;
  readonly balanceOf: BalanceOf;
};

const grantedMonths = async (db: Knex, ids: readonly string[]) => {
  const rows = await db<ResellerMonthRow>(resellerMonthsTable)
    .whereIn('reseller_id', ids as string[])
    .whereNotNull('granted_at')
    .orderBy('month');
  const months = new Map<string, ResellerMonthRow[]>();
  for (const row of rows) {
    const own = months.get(row.reseller_id) ?? [];
    own.push(row);
    months.set(row.reseller_id, own);
  }
  return months;
};

/** As it was granted: with what was booked in it for earlier months. */
const centsOf = (row: ResellerMonthRow): number =>
  Number(row.cashback_in_cents) + Number(row.adjustments_in_cents);

const SEALED = { subject: 'subject_id', fields: [['cpf', 'cpf']] } as const;

/** A reseller's closed months, and what the partner says is accumulated. */
const creditIn = async (
  balanceOf: BalanceOf,
  { reseller_id: resellerId, cpf }: ResellerRow,
  months: readonly ResellerMonthRow[],
  { unit, seesPeople }: { readonly unit?: CreditUnit | undefined; readonly seesPeople: boolean },
) => {
  const granted = months.reduce((sum, month) => sum + centsOf(month), 0);
  const balance = cpf === null ? undefined : await balanceOf(cpf);
  const document = cpf !== null && !seesPeople ? maskedCpf(cpf) : cpf;
  return {
    ...{ resellerId, document },
    months: months.map((row) => ({ month: row.month, cashback: amountText(centsOf(row)) })),
    granted: amountText(granted),
    ...comparedCredit(granted, balance, unit),
  };
};
export type CreditShown = Awaited<ReturnType<typeof creditIn>>;

export type CreditsWanted = {
  readonly unit?: CreditUnit | undefined;
  readonly seesPeople: boolean;
};

/** In the order of their ids; also those who were granted nothing yet. */
export const resellersAfter = (
  { db }: Pick<CreditsDeps, 'db'>,
  after: string | undefined,
  limit: number,
): Promise<ResellerRow[]> => {
  const found = db<ResellerRow>(resellersTable).orderBy('reseller_id').limit(limit);
  return after === undefined ? found : found.where('reseller_id', '>', after);
};

/** One for each of these resellers, in their order. */
export const creditsOf = async (
  { db, keys, balanceOf }: CreditsDeps,
  sealed: readonly ResellerRow[],
  wanted: CreditsWanted,
): Promise<readonly CreditShown[]> => {
  const resellers = await openRows<ResellerRow>(keys, SEALED, sealed);
  const months = await grantedMonths(
    db,
    resellers.map(({ reseller_id: id }) => id),
  );
  const credits: CreditShown[] = [];
  for (let nth = 0; nth < resellers.length; nth += AT_ONCE) {
    const some = resellers
      .slice(nth, nth + AT_ONCE)
      .map((row) => creditIn(balanceOf, row, months.get(row.reseller_id) ?? [], wanted));
    credits.push(...(await Promise.all(some)));
  }
  return credits;
};

/** All of them, a chunk at a time. */
export const allCredits = async function* (
  deps: CreditsDeps,
  wanted: CreditsWanted,
): AsyncGenerator<readonly CreditShown[]> {
  const pages = inPages<ResellerRow>(CHUNK, (after, limit) =>
    resellersAfter(deps, after?.reseller_id, limit),
  );
  for await (const resellers of pages) yield await creditsOf(deps, resellers, wanted);
};
