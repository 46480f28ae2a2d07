import { expect } from 'chai';
import { assert, property } from 'fast-check';
import { bandRulesOf, monthTotal } from '#shared/cashback-month/bands.ts';
import type { ResellerMonthRow } from '#shared/cashback-month/view.ts';
import { purchase, type Purchase } from '#shared/purchase/decider.ts';
import type { PurchaseEvent } from '#shared/purchase/events.ts';
import { noon } from '#shared/purchase/examples.ts';
import { monthOf, type Month } from '#shared/kernel/calendar.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { commandFor, someSteps, type Step } from '../../test/support/some-steps.ts';
import { resellerMonths } from './reseller-months-view.ts';

const SEED = 20_260_115;
const RUNS = 1_000;
const PURCHASES = 8;

/** What is on record after these steps, as far as they were accepted, and what it led to. */
const history = (steps: readonly Step[]) => {
  const states = new Map<number, Purchase>();
  const events: PurchaseEvent[] = [];
  for (const one of steps) {
    const state = states.get(one.which) ?? purchase.initialState;
    const decision = purchase.decide(commandFor(one, noon), state);
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
      property(someSteps(PURCHASES, 40), (steps) => {
        const { events, purchases } = history(steps);
        const expected = fromZero(purchases);
        const rows = folded(events);
        for (const [key, row] of rows) {
          const counted = expected.get(key) ?? [];
          const total = monthTotal(bandRulesOf(row.month as Month), counted);
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
