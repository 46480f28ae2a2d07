import { expect } from 'chai';
import { array, assert, constantFrom, integer, nat, option, property, record } from 'fast-check';
import { bandRulesOf, monthTotal } from '#shared/cashback-month/bands.ts';
import type { ResellerMonthRow } from '#shared/cashback-month/view.ts';
import type { PurchaseCommand } from '#shared/purchase/commands.ts';
import { purchase, type Purchase } from '#shared/purchase/decider.ts';
import type { PurchaseEvent } from '#shared/purchase/events.ts';
import { anAnalyst, noon } from '#shared/purchase/examples.ts';
import type { AccountId, PurchaseId, ResellerId } from '#shared/ids.ts';
import { monthOf, type Day } from '#shared/kernel/calendar.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { resellerMonths } from './reseller-months-view.ts';

const SEED = 20_260_115;
const RUNS = 1_000;
const RESELLERS = ['5d0b2a52-3c5e-5a0e-9d0a-0000000000d1', '5d0b2a52-3c5e-5a0e-9d0a-0000000000d2'];
const DAYS = ['2025-12-31', '2026-01-01', '2026-01-31', '2026-02-01', '2026-02-28'] as Day[];
const PURCHASES = 8;

/** Amounts that bands and roundings are sensitive to, and others. */
const amount = option(integer({ min: 1, max: 160_000 }), { nil: undefined }).chain((any) =>
  any === undefined
    ? constantFrom(1, 3, 5, 25, 50_000, 50_001, 99_999, 100_000)
    : constantFrom(any),
);
const step = record({
  what: constantFrom('register', 'register', 'register', 'change', 'withdraw', 'approve', 'reject'),
  which: nat(PURCHASES - 1),
  amount,
  day: constantFrom(...DAYS),
  trusted: constantFrom(true, false),
});
type Step = {
  readonly what: string;
  readonly which: number;
  readonly amount: number;
  readonly day: Day;
  readonly trusted: boolean;
};

const commandFor = ({ what, which, amount: amountInCents, day: date, trusted }: Step) => {
  const purchaseId = String(which) as PurchaseId;
  const resellerId = RESELLERS[which % RESELLERS.length] as ResellerId;
  const about = { purchaseId, at: noon };
  const whose = { ...about, onBehalfOf: resellerId, closedMonths: [] };
  const by = anAnalyst;
  const commands: Record<string, PurchaseCommand> = {
    register: {
      type: 'RegisterPurchase',
      data: {
        ...{ ...about, resellerId, amountInCents, date, closedMonths: [], code: purchaseId },
        cpf: (trusted ? '15350946056' : '52998224725') as Cpf,
      },
    },
    change: { type: 'ChangePurchase', data: { ...whose, amountInCents, date } },
    withdraw: {
      type: 'WithdrawPurchase',
      data: { ...whose, by: resellerId as unknown as AccountId },
    },
    approve: { type: 'ApprovePurchase', data: { ...about, by } },
    reject: { type: 'RejectPurchase', data: { ...about, by, reason: 'No receipt' } },
  };
  return commands[what] ?? expect.fail(`There is no ${what}`);
};

/** What is on record after these steps, as far as they were accepted, and what it led to. */
const history = (steps: readonly Step[]) => {
  const states = new Map<number, Purchase>();
  const events: PurchaseEvent[] = [];
  for (const one of steps) {
    const state = states.get(one.which) ?? purchase.initialState;
    const decision = purchase.decide(commandFor(one), state);
    if (decision.outcome === 'refused') continue;
    events.push(...decision.events);
    states.set(one.which, decision.events.reduce(purchase.evolve, state));
  }
  return { events, purchases: [...states.values()].filter(({ status }) => status !== 'none') };
};

const folded = (events: readonly PurchaseEvent[]): ReadonlyMap<string, ResellerMonthRow> => {
  const rows = new Map<string, ResellerMonthRow>();
  for (const event of recorded(events))
    for (const key of 'keysOf' in resellerMonths ? resellerMonths.keysOf(event) : []) {
      const row = resellerMonths.evolve(rows.get(key), event, key);
      if (row) rows.set(key, row);
    }
  return rows;
};

/** The months of all that counts in the end, added up from nothing. */
const fromZero = (purchases: readonly Purchase[]) => {
  const months = new Map<string, { readonly amountInCents: number }[]>();
  for (const one of purchases) {
    if (one.status !== 'IN_VALIDATION' && one.status !== 'APPROVED') continue;
    const key = `${one.resellerId}/${monthOf(one.date)}`;
    months.set(key, [...(months.get(key) ?? []), one]);
  }
  return months;
};

describe('The months of a reseller, whatever has happened', () => {
  it('are what they come to when they are added up from nothing', () => {
    const seen = { months: 0, bands: new Set<string>() };
    assert(
      property(array(step, { maxLength: 40 }), (steps) => {
        const { events, purchases } = history(steps);
        const expected = fromZero(purchases);
        const rows = folded(events);
        for (const [key, row] of rows) {
          const counted = expected.get(key) ?? [];
          const total = monthTotal(bandRulesOf(monthOf(`${row.month}-01` as Day)), counted);
          expect(row).to.include({
            purchases: counted.length,
            purchased_in_cents: String(total.purchasedInCents),
            percent: total.percent,
            cashback_in_cents: String(total.cashbackInCents),
          });
          seen.bands.add(row.percent);
        }
        expect([...expected.keys()].filter((key) => !rows.has(key))).to.deep.equal([]);
        seen.months += rows.size;
      }),
      { seed: SEED, numRuns: RUNS },
    );
    // Runs that never got anywhere would have proved nothing.
    expect(seen.bands).to.deep.equal(new Set(['10', '15', '20']));
    expect(seen.months).to.be.greaterThan(RUNS);
  }).timeout(20_000);
});
