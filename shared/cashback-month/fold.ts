import { purchaseEvents } from '#shared/purchase/events.ts';
import { monthOf, type Day, type Month } from '#shared/kernel/calendar.ts';
import type { Fold } from '#shared/kernel/fold.ts';
import { together, type MessagesIn } from '#shared/kernel/message.ts';
import { percentOf } from '#shared/kernel/money.ts';
import { bandPercent, bandRulesOf, percentsOf } from './bands.ts';
import { cashbackLedgerEvents } from './events.ts';
import type { ResellerMonthRow } from './view.ts';

export const resellerMonthEvents = together(purchaseEvents, cashbackLedgerEvents);
export type ResellerMonthEvent = MessagesIn<typeof resellerMonthEvents>;

type Content = { readonly amountInCents: number; readonly date: Day };
type Row = ResellerMonthRow | undefined;

export const resellerMonthOf = (resellerId: string, month: string) => `${resellerId}/${month}`;

/** A month in which nothing has happened yet. */
const emptyMonth = (key: string): ResellerMonthRow => {
  const [resellerId = '', month = ''] = key.split('/');
  const rules = bandRulesOf(month as Month);
  return {
    ...{ reseller_month: key, reseller_id: resellerId, month },
    ...{ purchases: 0, purchased_in_cents: '0' },
    cashback_by_percent: Object.fromEntries(percentsOf(rules).map((percent) => [percent, 0])),
    ...{ percent: bandPercent(rules, 0), rule_set: rules.version, cashback_in_cents: '0' },
    ...{ adjustments_in_cents: '0', granted_at: null },
  };
};

/**
 * Adds a purchase to the month, or takes it out again: what the month would give under each of
 * the percentages is kept up to date, so that no other purchase has to be looked at when it falls
 * into another band. A month that was granted stays as it is.
 */
const counting = (row: ResellerMonthRow, { amountInCents }: Content, times: 1 | -1) => {
  if (row.granted_at) return row;
  const rules = bandRulesOf(row.month as Month);
  const purchased = Number(row.purchased_in_cents) + times * amountInCents;
  const percent = bandPercent(rules, purchased);
  const byPercent = Object.fromEntries(
    percentsOf(rules).map((one) => {
      const before = row.cashback_by_percent[one] ?? 0;
      return [one, before + times * percentOf(amountInCents, one)];
    }),
  );
  return {
    ...row,
    purchases: row.purchases + times,
    purchased_in_cents: String(purchased),
    cashback_by_percent: byPercent,
    percent,
    cashback_in_cents: String(byPercent[percent] ?? 0),
  };
};

/** A change may move a purchase from one month to another; this is what it means for one of them. */
const moved = (row: ResellerMonthRow, before: Content, after: Content) => {
  const without = monthOf(before.date) === row.month ? counting(row, before, -1) : row;
  return monthOf(after.date) === row.month ? counting(without, after, 1) : without;
};

/** What an event makes of one of the months that it is about. */
export const resellerMonthAfter = (
  known: Row,
  { type, data }: ResellerMonthEvent,
  key: string,
): Row => {
  const row = known ?? emptyMonth(key);
  switch (type) {
    case 'PurchaseRegistered':
      return counting(row, data, 1);
    case 'PurchaseChanged':
      return moved(row, data.before, data.after);
    case 'PurchaseWithdrawn':
    case 'PurchaseRejected':
      return counting(row, data, -1);
    case 'CashbackGranted':
      return {
        ...row,
        purchases: data.purchases,
        purchased_in_cents: String(data.purchasedInCents),
        percent: data.percent,
        rule_set: data.ruleSet,
        cashback_in_cents: String(data.cashbackInCents),
        adjustments_in_cents: String(data.adjustmentsInCents),
        granted_at: new Date(data.at),
      };
    case 'CashbackAdjusted': {
      const adjustments = Number(row.adjustments_in_cents) + data.adjustmentInCents;
      return { ...row, adjustments_in_cents: String(adjustments) };
    }
    case 'PurchaseApproved':
    case 'CashbackGrantContinued':
      return known;
  }
};

/** The months that an event is about. */
export const resellerMonthsOf = ({ type, data }: ResellerMonthEvent): readonly string[] => {
  const keyOn = (date: Day) => resellerMonthOf(data.resellerId, monthOf(date));
  switch (type) {
    case 'PurchaseChanged':
      return [...new Set([keyOn(data.before.date), keyOn(data.after.date)])];
    case 'PurchaseRegistered':
    case 'PurchaseWithdrawn':
    case 'PurchaseRejected':
      return [keyOn(data.date)];
    case 'CashbackGranted':
    case 'CashbackAdjusted':
      return [resellerMonthOf(data.resellerId, data.month)];
    case 'PurchaseApproved':
    case 'CashbackGrantContinued':
      return [];
  }
};

/**
 * One month of one reseller's: out of the reseller's own record, and of purchases, among which
 * must be all that ever counted in it.
 */
export const resellerMonthFold = (
  { resellerId, month }: { readonly resellerId: string; readonly month: string },
  purchaseIds: readonly string[],
): Fold<(typeof resellerMonthEvents)['schemas'], ResellerMonthRow> => ({
  streamsOf: () => [`cashbackLedger-${resellerId}`, ...purchaseIds.map((id) => `purchase-${id}`)],
  events: resellerMonthEvents,
  evolve: (row, event) => {
    const key = resellerMonthOf(resellerId, month);
    return resellerMonthsOf(event).includes(key) ? resellerMonthAfter(row, event, key) : row;
  },
});
