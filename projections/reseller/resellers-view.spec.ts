import { aPerson, aReseller, erased, noon, registered } from '#shared/reseller/examples.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { resellers } from './resellers-view.ts';

const { given } = viewSpecFor(resellers);

describe('The resellers view', () => {
  it('keeps who a reseller is as the log has it', () => {
    given(registered({ fullName: 'sealed:1:a', email: 'sealed:1:b' })).shows({
      reseller_id: aReseller,
      subject_id: aPerson,
      full_name: 'sealed:1:a',
      email: 'sealed:1:b',
      registered_at: new Date(noon),
      position: '0',
      revision: 0,
    });
  });

  it('shows nothing of whoever was erased', () => {
    given(registered(), erased()).showsNothing();
  });
});
