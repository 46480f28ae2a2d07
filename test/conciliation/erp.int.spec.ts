import { expect } from 'chai';
import { CATEGORIES } from '#shared/conciliation/categories.ts';
import { NO_LINE } from '#shared/conciliation/tables.ts';
import { aConciliation, type AConciliation } from '../support/a-conciliation.ts';
import {
  buyer,
  csvOf,
  soldAs,
  type PlantedRow,
  type PlantedSale,
  plantedTotals,
  totalsOf,
} from '../support/a-statement.ts';

const OTHER_MONTH = { clock: '2025-12-31 23:59:59' };
const many = (from: number, count: number, sale: Omit<PlantedSale, 'nth'> = {}): PlantedSale[] =>
  Array.from({ length: count }, (_, index) => ({ nth: from + index, ...sale }));
const same = { document: buyer(9), totalInCents: 5_000 };

const planted = () => {
  const matched = [...many(0, 10), ...many(10, 2, same), ...many(12, 1, { status: 'UNCERTAIN' })];
  const missing = [...many(20, 2), ...many(22, 1, { ...same, clock: '2026-01-11 10:00:00' })];
  const twice = many(23, 1);
  const refused = many(24, 2, { status: 'REFUSED' });
  const outside = many(30, 2, OTHER_MONTH);
  const [refusedThere] = refused;
  const rows: PlantedRow[] = [
    ...matched.map((sale) => soldAs(sale, { id: `erp-${sale.nth}` })),
    ...twice.flatMap((sale) => [soldAs(sale), soldAs(sale)]),
    ...(refusedThere ? [soldAs(refusedThere)] : []),
    ...outside.map((sale) => soldAs(sale)),
    ...outside.slice(0, 1).map((sale) => soldAs(sale)),
    { document: buyer(300), amount: '50.00', at: '2026-01-10 10:00:00' },
    { document: buyer(300), amount: '50.00', at: '2026-01-10 10:00:00' },
    // Like a sale of ours, at another time.
    soldAs({ nth: 3 }, { at: '2026-01-10 10:00:01' }),
    { document: buyer(300), amount: '50.00', at: '2026-01-10' },
  ];
  return { rows, sales: [...matched, ...missing, ...twice, ...refused, ...outside] };
};

/** Our rows, their rows, our cents, their cents. */
const EXPECTED: Readonly<Record<string, readonly [number, number, number, number]>> = {
  MATCHED: [14, 14, 100_045 + 10_000 + 10_012 + 10_023, 100_045 + 10_000 + 10_012 + 10_023],
  MISSING_AT_ERP: [3, 0, 25_041, 0],
  MISSING_IN_LOG: [0, 3, 0, 10_000 + 10_003],
  DUPLICATE_AT_ERP: [0, 2, 0, 10_023 + 10_030],
  REFUSED: [2, 1, 0, 10_024],
  OUTSIDE_PERIOD: [0, 2, 0, 20_061],
  UNREADABLE: [0, 1, 0, 0],
};

describe('A statement of an ERP', function () {
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
    const { id } = await run.send(csvOf('erp', rows), { source: 'erp' });
    const ended = await run.run(id);
    if (ended?.type !== 'ConciliationCompleted') return expect.fail(JSON.stringify(ended));
    const { categories, oldestOpen } = ended.data;
    expect(totalsOf(ended.data)).to.deep.equal(plantedTotals(EXPECTED, rows.length));
    expect(categories.map(({ name }) => name)).to.deep.equal(CATEGORIES.erp);
    expect(oldestOpen).to.equal('2025-12-31');
  });

  it('has nothing to find where there is nothing on either side', async () => {
    await run.sold(many(0, 1, OTHER_MONTH));
    const { id } = await run.send('sold_at,total,document\r\n', { source: 'erp' });
    const ended = await run.run(id);
    if (ended?.type !== 'ConciliationCompleted') return expect.fail(JSON.stringify(ended));
    const nothing = { rows: 0, amountInCents: 0 };
    expect(ended.data).to.deep.include({ ours: nothing, theirs: nothing, oldestOpen: null });
    expect(ended.data.categories.every(({ ourRows, theirRows }) => ourRows + theirRows === 0)).to.be
      .true;
  });

  it('takes a refused sale that was sent again rightly for the one that was received', async () => {
    const right = many(0, 1);
    const wrong = [
      { nth: 1, document: buyer(0), totalInCents: 10_000, status: 'REFUSED' as const },
    ];
    await run.sold([...wrong, ...right]);
    const { id } = await run.send(
      csvOf(
        'erp',
        right.map((sale) => soldAs(sale)),
      ),
      { source: 'erp' },
    );
    await run.run(id);
    const items = await run.itemsOf((await run.startedAs(id)).statementId);
    expect(items.map(({ category, line }) => [category, line])).to.deep.equal([
      ['MATCHED', 2],
      ['REFUSED', NO_LINE],
    ]);
  });
});
