import { specFor } from '#shared/testing/spec-for.ts';
import { activation } from './decider.ts';
import {
  aCompany,
  anotherCompany,
  aPartner,
  approve,
  approved,
  aThirdCompany,
  cancel,
  cancelled,
  reject,
  rejected,
  submit,
  submitted,
} from './examples.ts';

const { given } = specFor(activation);

describe('An activation', () => {
  it('begins by being submitted', () => {
    given().when(submit()).thenOnce(submitted()).thenRefused('activation-already-pending');
  });

  it('is not asked for a second time, pending or decided', () => {
    given(submitted()).when(submit()).thenRefused('activation-already-pending');
    given(submitted(), approved()).when(submit()).thenRefused('activation-already-decided');
  });

  it('has to exist to be decided', () => {
    for (const command of [approve(), reject(), cancel()])
      given().when(command).thenRefused('activation-not-found');
  });

  it('is approved, rejected or cancelled while it is pending', () => {
    given(submitted()).when(approve()).then(approved());
    given(submitted()).when(reject()).then(rejected());
    given(submitted()).when(cancel()).then(cancelled());
  });

  it('takes the verdict it has already for no news', () => {
    given(submitted(), approved()).when(approve()).then();
    given(submitted(), rejected()).when(reject()).then();
    given(submitted(), cancelled()).when(cancel()).then();
  });

  it('is decided once', () => {
    given(submitted(), approved()).when(reject()).thenRefused('activation-already-decided');
    given(submitted(), rejected()).when(cancel()).thenRefused('activation-already-decided');
    given(submitted(), cancelled()).when(approve()).thenRefused('activation-already-decided');
  });

  describe('asked for by one company about the customer of another', () => {
    const across = submitted({
      companyId: anotherCompany,
      requestedBy: { userId: aPartner, companyId: aCompany },
    });

    it('is cancelled by the company that asked', () => {
      given(across).when(cancel(aCompany)).then(cancelled());
    });

    it('is not cancelled by its destination, which may know of it', () => {
      given(across).when(cancel(anotherCompany)).thenRefused('forbidden');
      given(across, cancelled()).when(cancel(anotherCompany)).thenRefused('forbidden');
    });

    it('does not exist for any other company', () => {
      given(across).when(cancel(aThirdCompany)).thenRefused('activation-not-found');
    });
  });

  it('is cancelled by an administrator whoever asked', () => {
    given(submitted()).when(cancel('any company')).then(cancelled());
    given(submitted({ requestedBy: { userId: aPartner } }))
      .when(cancel('any company'))
      .then(cancelled());
  });

  it('that an administrator asked for is nobody else’s to cancel', () => {
    const byAdmin = submitted({ companyId: anotherCompany, requestedBy: { userId: aPartner } });
    given(byAdmin).when(cancel(aCompany)).thenRefused('activation-not-found');
    given(byAdmin).when(cancel(anotherCompany)).thenRefused('forbidden');
  });
});
