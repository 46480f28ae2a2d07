import { expect } from 'chai';
import Papa from 'papaparse';
import supertest from 'supertest';
import type { Report } from '#shared/conciliation/report.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import type { ItemAnswered } from '../../query-api/conciliation/resolutions.ts';
import { conciliationRoutes } from '../../query-api/conciliation/routes.ts';
import { aConciliation, type AConciliation } from '../support/a-conciliation.ts';
import { buyer, creditOf, csvOf, type PlantedRow } from '../support/a-statement.ts';

const strange = (nth: number): PlantedRow => ({
  ...{ id: `70${nth}`, document: buyer(300 + nth), amount: '1.00' },
});
const nameless = (at: string): PlantedRow => ({
  ...{ id: 'NaN', document: buyer(320), amount: '2.00', at },
});
const wrong: PlantedRow = { id: '9', document: '12312312323', amount: '1.00' };

describe('The next report of the same books and days', function () {
  this.timeout(180_000);
  const conciliation = aConciliation();
  let run: AConciliation;

  beforeEach(async () => {
    run = conciliation();
    await run.begin();
    await run.sold([1, 2, 3].map((nth) => ({ nth })));
  });

  const done = async (rows: readonly PlantedRow[], sent = {}) => {
    const { id } = await run.send(csvOf('cashback-api', rows), sent);
    await run.run(id);
    await run.catchUp();
    return id;
  };
  const get = (path: string, accept = 'application/json') => {
    const { app } = aThingApi({ routes: conciliationRoutes(run.db, run.keys) });
    const authorization = `Bearer ${tokenOf('operator', { scope: 'personal-data' })}`;
    return supertest(app).get(`/v1/conciliations/${path}`).set({ authorization, accept });
  };
  const itemsOf = async (path: string) => {
    const { body } = (await get(path).expect(200)) as { readonly body: unknown };
    return (body as { readonly items: readonly ItemAnswered[] }).items;
  };
  const changesOf = async (id: string) => {
    const { body } = (await get(id).expect(200)) as { readonly body: unknown };
    return (body as Report).changes;
  };
  const told = (items: readonly ItemAnswered[]) =>
    items.map(({ theirs, ours, change }) => [theirs?.id ?? ours?.partnerId ?? null, change]);

  it('says of every finding whether it is new or recurring, and what is cleared', async () => {
    const ours = creditOf({ nth: 1 });
    const first = await done([ours, strange(1), strange(2), nameless('a'), wrong]);
    expect(await changesOf(first)).to.equal(undefined);
    expect((await itemsOf(`${first}/items`)).some(({ change }) => change)).to.equal(false);
    expect(await itemsOf(`${first}/items?change=CLEARED`)).to.deep.equal([]);

    // In another order; one credited at last, one gone, one twice, and one that was never there.
    const rows = [strange(3), wrong, creditOf({ nth: 2 }), strange(1), strange(1), nameless('a')];
    const second = await done([...rows, ours]);
    const changes = await changesOf(second);
    expect(changes).to.deep.equal({ since: first, new: 2, recurring: 4, cleared: 2 });
    const items = await itemsOf(`${second}/items`);
    expect(told(items)).to.deep.equal([
      ['703', 'NEW'],
      [null, 'RECURRING'],
      ['5002', undefined],
      ['701', 'RECURRING'],
      ['701', 'NEW'],
      [null, 'RECURRING'],
      ['5001', undefined],
      ['5003', 'RECURRING'],
    ]);
    expect(items[3]?.earlier).to.deep.equal({ conciliation: first, item: '3-0' });
    expect(told(await itemsOf(`${second}/items?change=NEW`))).to.deep.equal([
      ...[
        ['703', 'NEW'],
        ['701', 'NEW'],
      ],
    ]);

    const cleared = await itemsOf(`${second}/items?change=CLEARED`);
    expect(told(cleared)).to.deep.equal([
      ['702', 'CLEARED'],
      ['5002', 'CLEARED'],
    ]);
    expect(cleared[0]).to.deep.include({ id: '4-0', category: 'MISSING_IN_LOG' });
    const [head] = await itemsOf(`${second}/items?change=CLEARED&limit=1`);
    expect(head?.id).to.equal('4-0');
    const csv = await get(`${second}/items?change=CLEARED`, 'text/csv').expect(200);
    const { data } = Papa.parse<Record<string, string>>(csv.text.trim(), { header: true });
    expect(data.map(({ change, earlier_item }) => [change, earlier_item])).to.deep.equal(
      cleared.map(({ id }) => ['CLEARED', id]),
    );
  });

  it('is compared with no other books, no other days, and nothing later', async () => {
    await done([strange(1)], { to: '2026-01-30' });
    const erp = csvOf('erp', [{ document: buyer(1), amount: '1.00', at: '2026-01-05 10:00:00' }]);
    const { id } = await run.send(erp, { source: 'erp' });
    await run.run(id);
    const waiting = await run.send(csvOf('cashback-api', [strange(1), strange(2)]));
    const later = await done([strange(1)]);
    await run.run(waiting.id);
    await run.catchUp();
    expect(await changesOf(later)).to.equal(undefined);
    expect(await changesOf(waiting.id)).to.equal(undefined);
  });

  it('comes to the same when its run is made again', async () => {
    const first = await done([strange(1)]);
    const { id } = await run.send(csvOf('cashback-api', [strange(1), strange(2)]));
    await run.catchUp();
    const { statementId, source, from, to, position } = await run.startedAs(id);
    const wanted = { statementId, source, from, to, position: String(position) };
    const signal = AbortSignal.timeout(60_000);
    const once = await run.matchingWith().match(wanted, signal);
    expect(once.changes).to.deep.equal({ since: first, new: 1, recurring: 4, cleared: 0 });
    expect(await run.matchingWith().match(wanted, signal)).to.deep.equal(once);
  });
});
