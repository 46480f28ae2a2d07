import { expect } from 'chai';
import fc from 'fast-check';
import { itemsTable, KEPT, NO_LINE, rowsTable } from '#shared/conciliation/tables.ts';
import type { StatementId } from '#shared/ids.ts';
import { conciliationPairsSchema } from '../../adapters/postgres/conciliation/schema.ts';
import type { ItemFound } from '../../query-api/conciliation/items.ts';
import { aConciliation, type AConciliation } from '../support/a-conciliation.ts';
import { buyer, creditOf, csvOf, saleIdOf, type PlantedSale } from '../support/a-statement.ts';

type Planted = { readonly id: number; readonly buyer: number; readonly cents: number };

/** So few of each that there are many of the same, on one side, on the other, and on both. */
const some = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 4 }),
    buyer: fc.integer({ min: 0, max: 1 }),
    cents: fc.integer({ min: 100, max: 101 }),
  }),
  { maxLength: 8 },
);
const RUNS = 12;

const saleOf = ({ id, buyer: nth, cents }: Planted, index: number): PlantedSale => ({
  ...{ nth: index, document: buyer(nth), cashbackInCents: cents, partnerId: `p${id}` },
});

const saysOf = (item: ItemFound) => [item.our_id, item.our_subject, item.our_amount];
const theySayOf = (item: ItemFound) => [item.their_id, item.their_subject, item.their_amount];

describe('Pairs of a row and a sale that say the same', function () {
  this.timeout(180_000);
  const conciliation = aConciliation();
  let run: AConciliation;
  beforeEach(async () => {
    run = conciliation();
    await run.begin();
  });

  const itemsFor = async (sales: readonly PlantedSale[], text: string) => {
    await run.sold(sales);
    const { id } = await run.send(text);
    const ended = await run.run(id);
    expect(ended?.type, JSON.stringify(ended?.data)).to.equal('ConciliationCompleted');
    const { statementId } = await run.startedAs(id);
    return { statementId, items: await run.itemsOf(statementId) };
  };
  const writtenIn = (statementId: StatementId) =>
    run.db<ItemFound>(`${KEPT}.${itemsTable(statementId)}`).orderBy(['line', 'position']);

  it('are written down nowhere, and are listed where they stand', async () => {
    const sales = [1, 2, 3].map((nth) => ({ nth }));
    const rows = sales.map((sale) => creditOf(sale, sale.nth === 2 ? { amount: '77.00' } : {}));
    const { statementId, items } = await itemsFor(sales, csvOf('cashback-api', rows));
    const written = await writtenIn(statementId);
    expect(written.map(({ line, category }) => [line, category])).to.deep.equal([
      [3, 'AMOUNT_MISMATCH'],
    ]);
    expect(items.map(({ line, category, sale_id }) => [line, category, sale_id])).to.deep.equal([
      [2, 'MATCHED', saleIdOf(1)],
      [3, 'AMOUNT_MISMATCH', saleIdOf(2)],
      [4, 'MATCHED', saleIdOf(3)],
    ]);
    expect(await run.itemsOf(statementId, 1), 'page by page').to.deep.equal(items);
  });

  it('are one of each, however often names stand on either side, and nothing is left over', async () => {
    await fc.assert(
      fc.asyncProperty(some, some, async (sold, credited) => {
        run = conciliation();
        await run.begin();
        const sales = sold.map(saleOf);
        const rows = credited.map((one, index) => creditOf(saleOf(one, index)));
        const { items } = await itemsFor(sales, csvOf('cashback-api', rows));
        const lines = items.filter(({ theirs }) => theirs).map(({ line }) => line);
        const ours = items.filter((item) => item.ours).map(({ sale_id }) => sale_id ?? '');
        expect(lines).to.deep.equal(rows.map((_, index) => index + 2));
        expect(ours.toSorted()).to.deep.equal(sales.map(({ nth }) => saleIdOf(nth)).toSorted());
        const matched = items.filter(({ category }) => category === 'MATCHED');
        expect(matched.map(saysOf)).to.deep.equal(matched.map(theySayOf));
        const left = items.filter(({ line, ours: isOurs }) => (line === NO_LINE) === isOurs);
        const [alone, others] = [
          left.filter((item) => item.ours),
          left.filter((item) => item.theirs),
        ];
        for (const one of alone)
          expect(others.map(theySayOf), 'what both have').not.to.deep.include(saysOf(one));
      }),
      { numRuns: RUNS, seed: 7 },
    );
  });

  it('leave the items of earlier reports, where they were written down', async () => {
    const sales = [1, 2, 3].map((nth) => ({ nth }));
    const rows = [...sales.slice(0, 2).map((sale) => creditOf(sale)), creditOf({ nth: 9 })];
    const { statementId, items } = await itemsFor(sales, `${csvOf('cashback-api', rows)}x\n`);
    const table = `${KEPT}.${itemsTable(statementId)}`;
    await run.db.raw(
      `insert into ${table} (line, position, category, reason, ours, theirs, sale_id, our_amount,
                             their_id, their_amount, their_at)
       select 1 + v.received_position::integer - f.first, v.received_position, 'MATCHED', 'same-id',
              true, true, sale_id, cashback, partner_id, cashback, '2026-01-10T13:00:01Z'
         from conciliation_sales_view v,
              (select min(received_position)::integer - 1 as first from conciliation_sales_view) f
        where sale_id = any(?)`,
      [[saleIdOf(1)]],
    );
    await run.db.raw(`drop table ${KEPT}.${rowsTable(statementId)}`);
    await conciliationPairsSchema.up(run.db);
    await conciliationPairsSchema.up(run.db);
    const kept = await run.itemsOf(statementId);
    const isSecond = ({ sale_id }: ItemFound) => sale_id === saleIdOf(2);
    expect(kept).to.deep.equal(items.filter((item) => !isSecond(item)));
    expect(await writtenIn(statementId)).to.have.length(3);
  });
});
