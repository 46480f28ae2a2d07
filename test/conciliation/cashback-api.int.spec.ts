import { expect } from 'chai';
import { CATEGORIES } from '#shared/conciliation/categories.ts';
import { settled } from '#shared/sale/examples.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { meta } from '#shared/testing/recorded.ts';
import { cashbackApi } from '../../adapters/postgres/conciliation/cashback-api.ts';
import type { Matcher } from '../../adapters/postgres/conciliation/matcher.ts';
import { MATCHERS } from '../../adapters/postgres/conciliation/matching.ts';
import { aConciliation, type AConciliation } from '../support/a-conciliation.ts';
import {
  buyer,
  creditOf,
  csvOf,
  saleIdOf,
  type PlantedRow,
  type PlantedSale,
  plantedTotals,
  totalsOf,
} from '../support/a-statement.ts';

const OTHER_MONTH = { clock: '2025-12-31 23:59:59' };
const many = (from: number, count: number, sale: Omit<PlantedSale, 'nth'> = {}): PlantedSale[] =>
  Array.from({ length: count }, (_, index) => ({ nth: from + index, ...sale }));

/** Some of every category, and what there is to find of each. */
const planted = () => {
  const matched = many(0, 20);
  const unnamed = many(20, 3, { partnerId: 'NaN', document: buyer(20), cashbackInCents: 700 });
  const bare = many(23, 1, { partnerId: '' });
  const otherAmount = many(30, 2);
  const otherPerson = many(32, 1);
  const missing = many(33, 3);
  const twice = many(36, 2);
  const settled = many(40, 2, { status: 'UNCERTAIN' });
  const unconfirmed = many(42, 1, { status: 'UNCERTAIN' });
  const pending = [...many(43, 1, { status: 'CALCULATED' }), ...many(44, 1, { status: 'FAILED' })];
  const refused = many(45, 2, { status: 'REFUSED' });
  const outside = many(50, 2, OTHER_MONTH);
  const uncalledFor = many(52, 1, OTHER_MONTH);

  const rows: PlantedRow[] = [
    ...matched.map((sale) => creditOf(sale)),
    ...unnamed.map((sale) => creditOf(sale)),
    ...bare.map((sale) => creditOf(sale, { id: '9123' })),
    ...otherAmount.map((sale) => creditOf(sale, { amount: '99.00' })),
    ...otherPerson.map((sale) => creditOf(sale, { document: buyer(400) })),
    ...twice.flatMap((sale) => [creditOf(sale, { amount: '1.00' }), creditOf(sale)]),
    ...settled.map((sale) => creditOf(sale, { id: `8${sale.nth}` })),
    ...outside.map((sale) => creditOf(sale)),
    { id: '7001', document: buyer(300), amount: '5.00' },
    { id: '7001', document: buyer(300), amount: '5.00' },
    { id: 'NaN', document: buyer(301), amount: '6.00' },
    { id: 'NaN', document: buyer(20), amount: '7.00' },
    { id: '7002', document: '12312312323', amount: '5.00' },
    { id: '7003', document: buyer(1), amount: 'five' },
  ];
  const sales = [
    ...[...matched, ...unnamed, ...bare, ...otherAmount, ...otherPerson, ...missing, ...twice],
    ...[...settled, ...unconfirmed, ...pending, ...refused, ...outside, ...uncalledFor],
  ];
  return { rows, sales };
};

/** Our rows, their rows, our cents, their cents. */
const EXPECTED: Readonly<Record<string, readonly [number, number, number, number]>> = {
  MATCHED: [26, 26, 20_190 + 2_100 + 1_023 + 2_073, 20_190 + 2_100 + 1_023 + 2_073],
  AMOUNT_MISMATCH: [2, 2, 2_061, 19_800],
  DOCUMENT_MISMATCH: [1, 1, 1_032, 1_032],
  MISSING_AT_PARTNER: [3, 0, 3_102, 0],
  MISSING_IN_LOG: [0, 2, 0, 1_100],
  DUPLICATE_AT_PARTNER: [0, 4, 0, 200 + 500 + 700],
  CONFIRMS_UNCERTAIN: [2, 2, 2_081, 2_081],
  UNCONFIRMED: [1, 0, 1_042, 0],
  PENDING: [2, 0, 2_087, 0],
  REFUSED: [2, 0, 0, 0],
  OUTSIDE_PERIOD: [0, 2, 0, 2_101],
  UNREADABLE: [0, 2, 0, 0],
};

describe('A statement of the cashback API', function () {
  this.timeout(180_000);
  const conciliation = aConciliation();
  let run: AConciliation;
  beforeEach(async () => {
    run = conciliation();
    await run.begin();
  });

  it('has every row of either side in one category, with exact totals', async () => {
    const { rows, sales } = planted();
    await run.sold(sales);
    const { id } = await run.send(csvOf('cashback-api', rows));
    const ended = await run.run(id);
    if (ended?.type !== 'ConciliationCompleted') return expect.fail(JSON.stringify(ended));
    const { categories, ruleSets, oldestOpen, unreadable } = ended.data;
    expect(totalsOf(ended.data)).to.deep.equal(plantedTotals(EXPECTED, rows.length));
    expect(categories.map(({ name }) => name)).to.deep.equal(CATEGORIES['cashback-api']);
    expect({ ruleSets, oldestOpen, unreadable }).to.deep.equal({
      ...{ ruleSets: ['1'], oldestOpen: '2026-01-10', unreadable: 2 },
    });
  });

  it('comes out the same each time, item by item, however the log goes on', async () => {
    const { rows, sales } = planted();
    await run.sold(sales);
    const { id } = await run.send(csvOf('cashback-api', rows));
    const { statementId, position, source, from, to } = await run.startedAs(id);
    await run.sold(many(60, 5));
    await run.catchUp();
    const wanted = { statementId, source, from, to, position: String(position) };
    const signal = AbortSignal.timeout(30_000);
    const matching = run.matchingWith();
    const first = await matching.match(wanted, signal);
    const items = await run.itemsOf(statementId);
    const clear = (all: typeof items) => all.map(({ document: _sealed, ...item }) => item);
    expect(await matching.match(wanted, signal)).to.deep.equal(first);
    expect(clear(await run.itemsOf(statementId))).to.deep.equal(clear(items));
    expect(first.read.ours.rows).to.equal(39);
  });

  it('is no report when it does not balance', async () => {
    const { rows, sales } = planted();
    await run.sold(sales);
    const { how, steps } = cashbackApi;
    const then = (step: (items: string) => string): Matcher => ({
      how,
      steps: (sides) => [...steps(sides), step(sides.items)],
    });
    const broken: Readonly<Record<string, Matcher>> = {
      losing: then((items) => `delete from ${items} where category = 'AMOUNT_MISMATCH'`),
      counting: then(
        (items) => `update ${items} set their_amount = their_amount + 1
                     where category = 'MISSING_IN_LOG'`,
      ),
      changing: then((items) => `update ${items} set ours = false where category = 'UNCONFIRMED'`),
      believing: { how: { ...how, same: "'MATCHED'" }, steps },
      overlooking: { how: { ...how, ours: "a.status <> 'UNCERTAIN'" }, steps },
    };
    for (const [nth, [what, matcher]] of Object.entries(broken).entries()) {
      const { id } = await run.send(csvOf('cashback-api', rows.slice(nth)));
      const matching = run.matchingWith({ ...MATCHERS, 'cashback-api': matcher });
      const error: unknown = await run.run(id, matching).catch((thrown: unknown) => thrown);
      expect(String(error), what).to.match(/does not balance/);
      const last = (await run.eventsOf(id)).at(-1);
      expect(last?.type, what).to.equal('ConciliationFailed');
      // Whoever mends it and tries again gets the report.
      expect((await run.run(id))?.type).to.equal('ConciliationCompleted');
    }
  });

  it('shows our side as it stood when the statement was in', async () => {
    await run.sold([{ nth: 1, status: 'UNCERTAIN' }, { nth: 2 }]);
    const { id } = await run.send(csvOf('cashback-api', [creditOf({ nth: 1 }, { id: '81' })]));
    const { statementId } = await run.startedAs(id);
    await run.sold([{ nth: 3 }]);
    const later = settled({ saleId: saleIdOf(1), partnerId: '81' });
    await run.eventStore.append(`sale-${saleIdOf(1)}`, saleEvents, [later], {
      ...{ expected: 3n, meta: { ...meta, commandId: 'settle' } },
    });
    await run.run(id);
    const items = await run.itemsOf(statementId);
    expect(items.map(({ category, our_status }) => [category, our_status])).to.deep.equal([
      ['CONFIRMS_UNCERTAIN', 'UNCERTAIN'],
      ['MISSING_AT_PARTNER', 'ACCEPTED'],
    ]);
  });

  it('is matched with the right one of several sales that the partner gave one id', async () => {
    const alike = many(70, 3, { partnerId: '9999' });
    await run.sold([...alike, ...many(80, 2)]);
    const rows = [...alike.slice(1, 2), ...many(80, 2)].map((sale) => creditOf(sale));
    const { id } = await run.send(csvOf('cashback-api', rows));
    expect((await run.run(id))?.type).to.equal('ConciliationCompleted');
    const items = await run.itemsOf((await run.startedAs(id)).statementId);
    expect(items.map(({ category, sale_id }) => [category, sale_id])).to.deep.equal([
      ['MATCHED', saleIdOf(71)],
      ['MATCHED', saleIdOf(80)],
      ['MATCHED', saleIdOf(81)],
      ['MISSING_AT_PARTNER', saleIdOf(70)],
      ['MISSING_AT_PARTNER', saleIdOf(72)],
    ]);
  });
});
