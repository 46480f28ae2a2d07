import type { Static } from 'typebox';
import type { ResellerMonthRow } from '#shared/cashback-month/view.ts';
import type { PurchaseRow } from '#shared/purchase/view.ts';
import { PurchaseId } from '#shared/ids.ts';
import { Day, Month } from '#shared/kernel/calendar.ts';
import { amountText, percentOf } from '#shared/kernel/money.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import type { AdjustmentShown } from './queries.ts';

const Line = Type.Object({
  purchaseId: PurchaseId,
  code: Type.String(),
  date: Day,
  amount: Type.String(),
  cashback: Type.String(),
});

const Adjustment = Type.Object({
  /** The closed month, and the purchase, that it is about. */
  about: Month,
  purchaseId: PurchaseId,
  code: Type.Union([Type.String(), Type.Null()]),
  cashback: Type.String(),
});

/** A month of a reseller's, and how it comes to what it is. */
export type CashbackMonthShown = Static<typeof CashbackMonthShown>;
export const CashbackMonthShown = Type.Object({
  month: Month,
  /** The sum of the purchases that count, by which the percentage is found. */
  purchased: Type.String(),
  percent: Type.String(),
  /** The cashback of the purchases, with what was booked in this month for earlier ones. */
  cashback: Type.String(),
  /** A closed month stays as it was granted. */
  status: oneOf(['OPEN', 'CLOSED']),
  /** The version of the rules that say which sum leads to which percentage. */
  ruleSet: Type.String(),
  /** How many purchases count. */
  purchases: Type.Integer(),
  /** Those purchases, the newest first, as far as they go into one answer. */
  lines: Type.Array(Line),
  adjustments: Type.Array(Adjustment),
});

const counts = ({ status }: PurchaseRow) => status === 'IN_VALIDATION' || status === 'APPROVED';

const lineOf = (row: PurchaseRow, { month, percent }: ResellerMonthRow) => {
  const isGranted = row.granted_month === month;
  const amount = Number(isGranted ? row.granted_amount_in_cents : row.amount_in_cents);
  const cashback = isGranted ? Number(row.granted_cashback_in_cents) : percentOf(amount, percent);
  return {
    purchaseId: row.purchase_id,
    code: row.code,
    date: row.date,
    amount: amountText(amount),
    cashback: amountText(cashback),
  };
};

const adjustmentOf = (row: AdjustmentShown) => ({
  about: row.about_month,
  purchaseId: row.purchase_id,
  code: row.code,
  cashback: amountText(Number(row.adjustment_in_cents)),
});

/** Months with the purchases and adjustments that they are made of. */
export const explained = (
  months: readonly ResellerMonthRow[],
  purchases: readonly PurchaseRow[],
  adjustments: readonly AdjustmentShown[],
) => {
  const isLineOf = (row: PurchaseRow, { month, granted_at }: ResellerMonthRow) =>
    granted_at ? row.granted_month === month : row.month === month && counts(row);

  return months.map((row) => ({
    month: row.month,
    purchased: amountText(Number(row.purchased_in_cents)),
    percent: row.percent,
    cashback: amountText(Number(row.cashback_in_cents) + Number(row.adjustments_in_cents)),
    status: row.granted_at ? 'CLOSED' : 'OPEN',
    ruleSet: row.rule_set,
    purchases: row.purchases,
    lines: purchases.filter((one) => isLineOf(one, row)).map((one) => lineOf(one, row)),
    adjustments: adjustments.filter(({ month }) => month === row.month).map(adjustmentOf),
  }));
};
