import { expect } from 'chai';
import type { FindingEvent } from '#shared/conciliation/events.ts';
import { aConciliation, anOperator, noon } from '#shared/conciliation/examples.ts';
import { findingIdOf } from '#shared/conciliation/identity.ts';
import type { FindingRow } from '#shared/conciliation/view.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { findings } from './findings-view.ts';

const findingId = findingIdOf(aConciliation, '4-0');
const about = { findingId, conciliationId: aConciliation, item: '4-0', by: anOperator, at: noon };
const looked = { ...about, reason: 'Lost', amountInCents: 1 };

const folded = (...events: FindingEvent[]) =>
  recorded(events).reduce<FindingRow | undefined>(
    (row, event) => findings.evolve(row, event, findingId),
    undefined,
  );

describe('Findings, as they are shown,', () => {
  it('have what was done about them', () => {
    const event = { type: 'FindingResolved', data: { ...looked, resolution: 'RESENT' } } as const;
    expect(folded(event)).to.include({ status: 'RESOLVED', resolution: 'RESENT', reason: 'Lost' });
  });

  it('wait for a second person where one alone may not', () => {
    const asked = { type: 'WriteOffRequested', data: looked } as const;
    expect(folded(asked)).to.include({ status: 'AWAITING_APPROVAL', approved_by: null });
    const allowed = { type: 'WriteOffApproved', data: about } as const;
    expect(folded(asked, allowed)).to.include({ status: 'RESOLVED', approved_by: anOperator });
  });
});
