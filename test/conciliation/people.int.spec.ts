import { expect } from 'chai';
import { statementSubject } from '#shared/conciliation/identity.ts';
import { documentsTable, itemsTable, KEPT, rowsTable } from '#shared/conciliation/tables.ts';
import type { StatementId } from '#shared/ids.ts';
import { personOf } from '#shared/kernel/person.ts';
import { unseal } from '#shared/kernel/personal.ts';
import { noon, recorded } from '#shared/testing/recorded.ts';
import { forgettingIn } from '../../adapters/postgres/conciliation/forgetting.ts';
import { forgetInStatements } from '../../projections/conciliation/effects.ts';
import { forgetErasedInStatements } from '../../projections/conciliation/reactions.ts';
import { aConciliation, tablesOf, type AConciliation } from '../support/a-conciliation.ts';
import { carriedOut } from '../support/carried-out.ts';
import { buyer, creditOf, csvOf, hash } from '../support/a-statement.ts';

const unknown = { id: '7001', document: buyer(300), amount: '5.00' };

describe('People in statements', function () {
  this.timeout(180_000);
  const conciliation = aConciliation();
  let run: AConciliation;
  beforeEach(async () => {
    run = conciliation();
    await run.begin();
  });

  const everythingIn = async (table: string): Promise<string> => {
    const { rows } = await run.db.raw<{ rows: unknown[] }>(`select * from ${KEPT}.${table}`);
    return JSON.stringify(rows);
  };
  const isThere = (table: string) => run.db.schema.withSchema(KEPT).hasTable(table);
  const statementOf = async (id: Parameters<AConciliation['startedAs']>[0]) =>
    (await run.startedAs(id)).statementId;

  it('stand in clear nowhere, neither before the run nor after it', async () => {
    await run.sold([{ nth: 1 }]);
    const rows = [creditOf({ nth: 1 }), unknown];
    const { id } = await run.send(csvOf('cashback-api', rows));
    const statementId = await statementOf(id);
    const before = await everythingIn(rowsTable(statementId));
    const sealed = await everythingIn(documentsTable(statementId));
    await run.run(id);
    const after = await everythingIn(itemsTable(statementId));
    for (const { document } of rows)
      for (const kept of [before, sealed, after]) expect(kept).not.to.include(document);
    expect(sealed).to.include('sealed:1:');
    expect(await isThere(documentsTable(statementId)), 'all of the documents').to.equal(false);
  });

  it('are sealed under their own key where they are known, and under the statement’s else', async () => {
    await run.sold([{ nth: 1 }, { nth: 2, document: buyer(300) }]);
    const stranger = { ...unknown, id: '7002', document: buyer(301) };
    const { id } = await run.send(csvOf('cashback-api', [creditOf({ nth: 1 }), unknown, stranger]));
    const statementId = await statementOf(id);
    await run.run(id);
    const [matched, ofSomebody, ofNobody] = await run.itemsOf(statementId);
    expect(matched?.document, 'our sale has it').to.equal(null);
    const person = personOf(hash, unknown.document);
    const owner = statementSubject(statementId);
    expect([ofSomebody?.sealed_for, ofNobody?.sealed_for]).to.deep.equal([person, owner]);
    const found = await run.keys.find([person, owner]);
    const open = (sealed: string | null | undefined, subjectId: string) =>
      unseal(sealed ?? '', found.get(subjectId) ?? Buffer.alloc(32), {
        subjectId,
        field: 'document',
      });
    expect(open(ofSomebody?.document, person)).to.equal(unknown.document);
    expect(open(ofNobody?.document, owner)).to.equal(stranger.document);
  });

  it('who were erased are matched all the same, and nothing of them is kept', async () => {
    await run.sold([{ nth: 1 }, { nth: 2, document: buyer(300) }]);
    await run.keys.destroy(personOf(hash, buyer(1)));
    await run.keys.destroy(personOf(hash, buyer(300)));
    const { id } = await run.send(csvOf('cashback-api', [creditOf({ nth: 1 }), unknown]));
    const statementId = await statementOf(id);
    await run.run(id);
    const items = await run.itemsOf(statementId);
    expect(items.map(({ category, document }) => [category, document])).to.deep.equal([
      ['MATCHED', null],
      ['MISSING_IN_LOG', null],
      ['MISSING_AT_PARTNER', null],
    ]);
  });

  it('are forgotten in statements too when they are erased later, and nobody else is', async () => {
    const strangers = [310, 311].map((nth) => ({ ...unknown, document: buyer(nth) }));
    const text = csvOf('cashback-api', strangers);
    const [done, waiting] = [await run.send(text), await run.send(`${text}\n`)];
    await run.run(done.id);
    const erased = personOf(hash, buyer(310));
    const keptOf = async ({ id }: typeof done, tableOf: typeof rowsTable, which: string) =>
      run
        .db(`${KEPT}.${tableOf(await statementOf(id))}`)
        .whereRaw(which, [erased])
        .select('*');
    const inItems = () => keptOf(done, itemsTable, 'document is not null and their_subject = ?');
    const inBlocks = () => keptOf(waiting, documentsTable, '? = any(subjects)');
    expect(await inItems()).to.have.length(1);
    expect(await inBlocks()).to.have.length(1);

    await run.keys.destroy(erased);
    const about = { receiptId: erased, subjectId: erased, what: ['cpf'], at: noon };
    const [event] = recorded([{ type: 'PersonalDataErased', data: about } as const]);
    const intent = event && forgetErasedInStatements.on.PersonalDataErased(event);
    await carriedOut(forgetInStatements(forgettingIn(run.db, run.keys)), intent);
    expect(await inItems()).to.deep.equal([]);
    expect(await inBlocks()).to.deep.equal([]);
    const items = await run.itemsOf(await statementOf(done.id));
    expect(items.map(({ document }) => document !== null)).to.deep.equal([false, true]);
    await run.run(waiting.id);
    const later = await run.itemsOf(await statementOf(waiting.id));
    expect(later.map(({ document }) => document !== null)).to.deep.equal([false, true]);
  });

  it('are not kept of a statement that breaks off, nor is anything else', async () => {
    const breakingOff = async function* () {
      yield await Promise.resolve(Buffer.from(csvOf('cashback-api', [unknown, unknown])));
      throw new Error('The sender went away');
    };
    const error: unknown = await run.send(breakingOff()).catch((thrown: unknown) => thrown);
    expect(String(error)).to.match(/went away/);
    const rows = await tablesOf(run.db);
    const kept = await run.db('conciliation.statement').select('id');
    expect({ rows, kept }).to.deep.equal({ rows: [], kept: [] });
    expect(await run.eventStore.end()).to.equal(-1n);
  });

  it('go with a statement that was sent twice, or that nobody put on record', async () => {
    const text = csvOf('cashback-api', [unknown]);
    const first = await run.send(text);
    const second = await run.send(text);
    expect([first.isFirst, second.isFirst, second.id]).to.deep.equal([true, false, first.id]);
    const orphan = '5d0b2a52-3c5e-5a0e-9d0a-0000000000b1' as StatementId;
    const nothing = async function* () {
      yield await Promise.resolve({ rows: [], plain: [], documents: [] });
    };
    await run.statements.keep(orphan, nothing());
    await run.db.raw(`update conciliation.statement set kept_at = now() - interval '2 hours'`);
    await run.send(csvOf('cashback-api', [unknown, unknown]));
    const kept = await run.db<{ id: StatementId }>('conciliation.statement').pluck('id');
    expect(kept)
      .to.have.length(2)
      .and.to.include(await statementOf(first.id));
    expect(await isThere(rowsTable(orphan))).to.equal(false);
  });
});
