import { monthAfter, type Month } from '#shared/kernel/calendar.ts';
import { accept, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import { percentOf } from '#shared/kernel/money.ts';
import { bandRulesOf, monthTotal } from './bands.ts';
import type { CashbackLedgerCommand, CountedPurchase } from './commands.ts';
import type { CashbackLedgerEvent } from './events.ts';

/** Some three hundred kilobytes, of the megabyte that a store takes at once. */
export const LINES_PER_EVENT = 2_000;

type Counted = { readonly revision: number; readonly amountInCents: number };

/** A closed month, as far as this reseller is concerned. */
export type Account = {
  /** What was granted, and of how many purchases; nothing was when there was none to grant for. */
  readonly granted?: { readonly inCents: number; readonly purchases: number };
  /** How many purchases of the grant are on record. */
  readonly lines: number;
  /** What counts today, adjustments included. */
  readonly counted: ReadonlyMap<string, Counted>;
};

export type CashbackLedger = {
  readonly months: ReadonlyMap<Month, Account>;
  /** What is booked for earlier months, by the month in which it is. */
  readonly adjustments: ReadonlyMap<Month, number>;
};

type Outcome = Decision<CashbackLedgerEvent, never>;

const NONE: Account = { lines: 0, counted: new Map() };

const linesOf = (purchases: readonly CountedPurchase[], percent: string, from: number) =>
  purchases.slice(from, from + LINES_PER_EVENT).map((purchase) => ({
    ...purchase,
    cashbackInCents: percentOf(purchase.amountInCents, percent),
  }));

/** One event of lines at a time; asked again, it goes on until all are on record. */
const grant = (
  { data }: Named<CashbackLedgerCommand, 'GrantCashback'>,
  { months, adjustments }: CashbackLedger,
): Outcome => {
  const { resellerId, month, purchases, at } = data;
  const { granted, lines: from } = months.get(month) ?? NONE;
  const rules = bandRulesOf(month);
  const total = monthTotal(rules, purchases);
  const lines = linesOf(purchases, total.percent, from);
  const about = { resellerId, month, lines, at };
  if (granted)
    return from < granted.purchases
      ? accept({ type: 'CashbackGrantContinued', data: { ...about, percent: total.percent } })
      : accept();

  const adjustmentsInCents = adjustments.get(month) ?? 0;
  if (purchases.length === 0 && adjustmentsInCents === 0) return accept();
  const grantedInCents = total.cashbackInCents + adjustmentsInCents;
  const result = { ...total, adjustmentsInCents, grantedInCents, ruleSet: rules.version };
  return accept({
    type: 'CashbackGranted',
    data: { ...about, ...result, purchases: purchases.length },
  });
};

/** What is granted already takes nothing more. */
const openFrom = (month: Month, months: CashbackLedger['months']): Month =>
  months.get(month)?.granted ? openFrom(monthAfter(month), months) : month;

/** The difference to what the month came to before, under the rules of that month. */
const settle = (
  { data }: Named<CashbackLedgerCommand, 'SettlePurchase'>,
  { months }: CashbackLedger,
): Outcome => {
  const { resellerId, about, openMonth, purchaseId, revision, amountInCents, at } = data;
  const { counted } = months.get(about) ?? NONE;
  const known = counted.get(purchaseId);
  if (known && known.revision >= revision) return accept();
  if ((known?.amountInCents ?? 0) === amountInCents) return accept();

  const rules = bandRulesOf(about);
  const before = monthTotal(rules, [...counted.values()]);
  const next = new Map(counted).set(purchaseId, { revision, amountInCents });
  const after = monthTotal(rules, [...next.values()]);
  return accept({
    type: 'CashbackAdjusted',
    data: {
      ...{ resellerId, month: openFrom(openMonth, months), about, ruleSet: rules.version },
      ...after,
      ...{ purchaseId, revision, amountInCents },
      adjustmentInCents: after.cashbackInCents - before.cashbackInCents,
      at,
    },
  });
};

const decide = (command: CashbackLedgerCommand, ledger: CashbackLedger): Outcome => {
  switch (command.type) {
    case 'GrantCashback':
      return grant(command, ledger);
    case 'SettlePurchase':
      return settle(command, ledger);
  }
};

const withPurchases = (
  ledger: CashbackLedger,
  month: Month,
  purchases: readonly CountedPurchase[],
  changes: (account: Account) => Partial<Account>,
): CashbackLedger => {
  const account = ledger.months.get(month) ?? NONE;
  const counted = new Map(account.counted);
  for (const { purchaseId, revision, amountInCents } of purchases)
    counted.set(purchaseId, { revision, amountInCents });
  const next = { ...account, ...changes(account), counted };
  return { ...ledger, months: new Map(ledger.months).set(month, next) };
};

const evolve = (ledger: CashbackLedger, { type, data }: CashbackLedgerEvent): CashbackLedger => {
  switch (type) {
    case 'CashbackGranted': {
      const granted = { inCents: data.grantedInCents, purchases: data.purchases };
      return withPurchases(ledger, data.month, data.lines, () => ({
        granted,
        lines: data.lines.length,
      }));
    }
    case 'CashbackGrantContinued':
      return withPurchases(ledger, data.month, data.lines, ({ lines }) => ({
        lines: lines + data.lines.length,
      }));
    case 'CashbackAdjusted': {
      const booked = (ledger.adjustments.get(data.month) ?? 0) + data.adjustmentInCents;
      const adjustments = new Map(ledger.adjustments).set(data.month, booked);
      return { ...withPurchases(ledger, data.about, [data], () => ({})), adjustments };
    }
  }
};

/**
 * What one reseller was granted, month by month. A month that was granted is not touched again:
 * what happens to its purchases afterwards is booked in the month that is open then.
 */
export const cashbackLedger: Decider<
  CashbackLedger,
  CashbackLedgerCommand,
  CashbackLedgerEvent,
  never
> = { initialState: { months: new Map(), adjustments: new Map() }, decide, evolve };
