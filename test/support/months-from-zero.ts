import knex from 'knex';
import { bandRulesOf, monthTotal } from '#shared/cashback-month/bands.ts';
import { resellerMonthsTable, type ResellerMonthRow } from '#shared/cashback-month/view.ts';
import { purchase, type Purchase } from '#shared/purchase/decider.ts';
import type { PurchaseEvent } from '#shared/purchase/events.ts';
import { monthOf, type Month } from '#shared/kernel/calendar.ts';
import type { RawEvent } from './the-log.ts';

/** Of a reseller and a month: the sum, the percentage and the cashback, in cents. */
export type Months = Readonly<Record<string, readonly [number, string, number]>>;

/** What the log comes to when every month is added up from nothing. */
export const monthsInLog = (log: readonly RawEvent[]): Months => {
  const states = new Map<string, Purchase>();
  for (const { stream, type, data } of log) {
    if (!stream.startsWith('purchase-')) continue;
    const state = states.get(stream) ?? purchase.initialState;
    states.set(stream, purchase.evolve(state, { type, data } as PurchaseEvent));
  }
  const counted = new Map<string, { readonly amountInCents: number }[]>();
  for (const one of states.values()) {
    if (one.status !== 'IN_VALIDATION' && one.status !== 'APPROVED') continue;
    const key = `${one.resellerId}/${monthOf(one.date)}`;
    counted.set(key, [...(counted.get(key) ?? []), one]);
  }
  const months = [...counted].map(([key, purchases]) => {
    const total = monthTotal(bandRulesOf(key.slice(-7) as Month), purchases);
    return [key, [total.purchasedInCents, total.percent, total.cashbackInCents]] as const;
  });
  return Object.fromEntries(months);
};

/** What the read model says of the same. */
export const monthsShown = async (databaseUrl: string): Promise<Months> => {
  const db = knex({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: 1 } });
  try {
    const rows = await db<ResellerMonthRow>(resellerMonthsTable).where('purchases', '>', 0);
    const months = rows.map((row) => {
      const [sum, cashback] = [Number(row.purchased_in_cents), Number(row.cashback_in_cents)];
      return [row.reseller_month, [sum, row.percent, cashback]] as const;
    });
    return Object.fromEntries(months);
  } finally {
    await db.destroy();
  }
};
