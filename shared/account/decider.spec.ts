import { specFor } from '#shared/testing/spec-for.ts';
import { account } from './decider.ts';
import { aCompany, change, disabled, enabled, open, opened, passwordChanged } from './examples.ts';

const { given } = specFor(account);

describe('An account', () => {
  it('is opened once under its username', () => {
    given().when(open()).thenOnce(opened()).thenRefused('username-taken');
  });

  it('may belong to a company', () => {
    const partner = { role: 'partner', companyId: aCompany };
    given().when(open(partner)).thenOnce(opened(partner)).thenRefused('username-taken');
  });

  it('has to exist to be changed', () => {
    given()
      .when(change({ disabled: true }))
      .thenRefused('account-not-found');
    given().when(change()).thenRefused('account-not-found');
  });

  it('is given another password', () => {
    given(opened())
      .when(change({ passwordId: 'second' }))
      .then(passwordChanged());
    given(opened(), passwordChanged('first'))
      .when(change({ passwordId: 'second' }))
      .then(passwordChanged());
  });

  it('is disabled, and enabled again', () => {
    given(opened())
      .when(change({ disabled: true }))
      .then(disabled());
    given(opened(), disabled())
      .when(change({ disabled: false }))
      .then(enabled());
    given(opened(), disabled(), enabled())
      .when(change({ disabled: true }))
      .then(disabled());
  });

  it('may be given a password and be disabled at once', () => {
    given(opened())
      .when(change({ passwordId: 'second', disabled: true }))
      .then(passwordChanged(), disabled());
  });

  it('takes what is so already for no news', () => {
    given(opened())
      .when(change({ disabled: false }))
      .then();
    given(opened(), disabled())
      .when(change({ disabled: true }))
      .then();
    given(opened()).when(change()).then();
  });
});
