import { expect } from 'chai';
import type { Month } from '#shared/kernel/calendar.ts';
import { specFor } from '#shared/testing/spec-for.ts';
import type { ConciliationPeriodEvent } from './events.ts';
import { aConciliation, anOperator, noon } from './examples.ts';
import { conciliationPeriod, type PeriodCommand } from './period.ts';
import type { Standing } from './standing.ts';

const month = '2026-01' as Month;
const about = { month, by: anOperator, at: noon };
const report = (open: number) => ({ conciliationId: aConciliation, open });

const close = (standing: Partial<Standing> = {}, thisMonth = '2026-02'): PeriodCommand => ({
  type: 'ClosePeriod',
  data: {
    ...{ ...about, thisMonth: thisMonth as Month },
    standing: { running: 0, reports: [report(0)], ...standing },
  },
});
const reopen = (reason: string): PeriodCommand => ({
  type: 'ReopenPeriod',
  data: { ...about, reason },
});
const closed: ConciliationPeriodEvent = {
  type: 'ConciliationPeriodClosed',
  data: { ...about, conciliations: [aConciliation] },
};
const reason = 'The ERP has sent a statement again';
const reopened: ConciliationPeriodEvent = {
  type: 'ConciliationPeriodReopened',
  data: { ...about, reason },
};

describe('A period of conciliation', () => {
  it('is closed when nothing is open, and says on which reports that rests', () => {
    specFor(conciliationPeriod).given().when(close()).then(closed);
    specFor(conciliationPeriod).given(closed, reopened).when(close()).then(closed);
    const decided = conciliationPeriod.decide(
      close({ reports: [] }),
      conciliationPeriod.initialState,
    );
    expect(decided).to.deep.equal({
      outcome: 'accepted',
      events: [{ ...closed, data: { ...about, conciliations: [] } }],
    });
  });

  it('is not closed while anything is open, or still to be found out', () => {
    const refused = (command: PeriodCommand) =>
      specFor(conciliationPeriod).given().when(command).thenRefused;
    refused(close({ reports: [report(0), report(1)] }))('findings-open');
    refused(close({ running: 1 }))('conciliation-running');
    refused(close({}, '2025-12'))('period-not-begun');
  });

  it('stays closed whatever is found later, until somebody says why it is not', () => {
    specFor(conciliationPeriod)
      .given(closed)
      .when(close({ reports: [report(1)] }))
      .then();
    specFor(conciliationPeriod).given(closed).when(reopen(reason)).then(reopened);
    specFor(conciliationPeriod).given(closed, reopened).when(reopen('Once more')).then();
    specFor(conciliationPeriod).given().when(reopen(reason)).thenRefused('period-not-closed');
  });
});
