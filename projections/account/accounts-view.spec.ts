import {
  aCompany,
  anAccount,
  aSubject,
  disabled,
  enabled,
  noon,
  opened,
  passwordChanged,
} from '#shared/account/examples.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { accounts } from './accounts-view.ts';

const { given } = viewSpecFor(accounts);

describe('The accounts view', () => {
  it('shows an account as it was opened', () => {
    given(opened({ role: 'partner', companyId: aCompany })).shows({
      account_id: anAccount,
      subject_id: aSubject,
      role: 'partner',
      company_id: '1',
      disabled: false,
      opened_at: new Date(noon),
      position: '0',
      revision: 0,
    });
  });

  it('shows no company where there is none', () => {
    given(opened()).shows({ company_id: null });
  });

  it('shows whether an account is disabled', () => {
    given(opened(), disabled()).shows({ disabled: true, revision: 1 });
    given(opened(), disabled(), enabled()).shows({ disabled: false, revision: 2 });
  });

  it('has nothing to say of a new password but that something has changed', () => {
    given(opened(), passwordChanged()).shows({ role: 'analyst', disabled: false, revision: 1 });
  });

  it('has nothing to show of an account it never saw opened', () => {
    for (const event of [passwordChanged(), disabled(), enabled()]) given(event).showsNothing();
  });
});
