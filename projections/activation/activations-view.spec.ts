import {
  anActivation,
  anAnalyst,
  anotherCompany,
  approved,
  cancelled,
  noon,
  rejected,
  submitted,
} from '#shared/activation/examples.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { activations } from './activations-view.ts';

const { given } = viewSpecFor(activations);

describe('The activations view', () => {
  it('shows a submission as pending', () => {
    given(submitted({ companyId: anotherCompany })).shows({
      activation_id: anActivation,
      status: 'PENDING',
      company_id: '2',
      requested_by_company: '1',
      decided_at: null,
      decided_by: null,
      position: '0',
      revision: 0,
    });
  });

  it('shows what was decided, by whom and why', () => {
    const decision = { decided_at: new Date(noon), decided_by: anAnalyst, revision: 1 };
    given(submitted(), approved()).shows({ ...decision, status: 'APPROVED', reason: null });
    given(submitted(), rejected()).shows({
      ...decision,
      status: 'REJECTED',
      reason: 'No contract',
    });
    given(submitted(), cancelled()).shows({ ...decision, status: 'CANCELLED', reason: null });
  });

  it('keeps its place in lists when it is decided', () => {
    given(submitted(), approved()).shows({ position: '0' });
  });

  it('has nothing to show of an activation it never saw submitted', () => {
    given(approved()).showsNothing();
  });
});
