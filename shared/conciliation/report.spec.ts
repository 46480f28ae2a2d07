import { expect } from 'chai';
import { CATEGORIES } from './categories.ts';
import { aConciliation, anOperator, aStatement, matched, noon } from './examples.ts';
import { reportOf } from './report.ts';
import type { ConciliationRow } from './view.ts';

const { ruleSets, categories, read, oldestOpen } = matched;
const row: ConciliationRow = {
  ...{ conciliation_id: aConciliation, statement_id: aStatement, prepared_by: anOperator },
  ...{ status: 'COMPLETED', source: 'cashback-api', from_day: '2026-01-01', to_day: '2026-01-31' },
  ...{ sha256: 'ab'.repeat(32), rows: 3, unreadable: 0, position: '300', revision: 1 },
  ...{ started_at: new Date(noon), finished_at: new Date(noon), failure: null },
  settlement: null,
  totals: { ruleSets, categories, ours: read.ours, theirs: read.theirs, oldestOpen },
};

describe('The report of a conciliation', () => {
  it('has this form, and categories without rows with zeros', () => {
    const report = reportOf(row);
    expect(Object.keys(report)).to.deep.equal([
      ...['id', 'status', 'source', 'period', 'asOf', 'statement', 'ruleSets', 'categories'],
      ...['balance', 'matchRate', 'oldestOpen', 'preparedBy', 'startedAt', 'finishedAt'],
    ]);
    expect(Object.keys(report.categories ?? {})).to.deep.equal(CATEGORIES['cashback-api']);
    expect(report.categories).to.deep.include({
      MATCHED: { ourRows: 2, theirRows: 2, ours: '30.00', theirs: '30.00', difference: '0.00' },
      MISSING_IN_LOG: {
        ourRows: 0,
        theirRows: 1,
        ours: '0.00',
        theirs: '5.00',
        difference: '5.00',
      },
      PENDING: { ourRows: 0, theirRows: 0, ours: '0.00', theirs: '0.00', difference: '0.00' },
    });
    expect(report.balance).to.deep.equal({
      ...{ ours: { rows: 2, amount: '30.00' }, theirs: { rows: 3, amount: '35.00' }, holds: true },
    });
    expect(report.asOf).to.deep.equal({ position: '300', at: noon });
  });

  it('never says that all was matched when a row or a cent was not', () => {
    expect(reportOf(row).matchRate).to.deep.equal({ byRows: '80.00', byAmount: '92.30' });
    const many = { rows: 1_000_000, amountInCents: 10 ** 12 };
    const most = [
      { name: 'MATCHED', ourRows: 999_999, theirRows: 1_000_000, oursInCents: 0, theirsInCents: 0 },
    ];
    const totals = { ruleSets, categories: most, ours: many, theirs: many, oldestOpen };
    expect(reportOf({ ...row, totals }).matchRate).to.deep.equal({
      ...{ byRows: '99.99', byAmount: '0.00' },
    });
    const nothing = { rows: 0, amountInCents: 0 };
    const empty = { ...totals, categories: [], ours: nothing, theirs: nothing };
    expect(reportOf({ ...row, totals: empty }).matchRate).to.deep.equal({
      ...{ byRows: '100.00', byAmount: '100.00' },
    });
  });

  it('is none while it runs, nor when it failed', () => {
    const running = reportOf({ ...row, status: 'RUNNING', totals: null, finished_at: null });
    expect(running).to.include({ status: 'RUNNING', categories: null, balance: null });
    const failed = reportOf({ ...row, status: 'FAILED', failure: 'It does not balance' });
    expect(failed).to.include({ categories: null, balance: null, failure: 'It does not balance' });
  });
});
