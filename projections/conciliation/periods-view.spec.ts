import type { ConciliationPeriodEvent } from '#shared/conciliation/events.ts';
import { aConciliation, anOperator, noon } from '#shared/conciliation/examples.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { conciliationPeriods } from './periods-view.ts';

const { given } = viewSpecFor(conciliationPeriods);
const about = { month: '2026-01' as Month, by: anOperator, at: noon };
const closed: ConciliationPeriodEvent = {
  type: 'ConciliationPeriodClosed',
  data: { ...about, conciliations: [aConciliation] },
};
const reopened: ConciliationPeriodEvent = {
  type: 'ConciliationPeriodReopened',
  data: { ...about, reason: 'A statement came late' },
};

describe('Periods of conciliation, as they are shown,', () => {
  it('are closed, with the reports that this rests on', () => {
    given(closed).shows({
      ...{ month: '2026-01', status: 'CLOSED', conciliations: [aConciliation] },
      ...{ closed_by: anOperator, reopened_at: null, reason: null, revision: 0 },
    });
  });

  it('are open again, and still say why when they are closed once more', () => {
    given(closed, reopened).shows({ status: 'OPEN', reason: 'A statement came late', revision: 1 });
    given(closed, reopened, closed).shows({
      ...{ status: 'CLOSED', reopened_by: anOperator, revision: 2 },
      reason: 'A statement came late',
    });
  });
});
