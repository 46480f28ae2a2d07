import {
  aCustomer,
  aPerson,
  emailChanged,
  registered,
  removed,
  renamed,
} from '#shared/customer/examples.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { customers } from './customers-view.ts';

const { given } = viewSpecFor(customers);

describe('The customers view', () => {
  it('keeps who a customer is as the log has it, and as it was changed', () => {
    given(registered({ name: 'sealed:1:a', email: 'sealed:1:b' })).shows({
      ...{ customer_id: aCustomer, subject_id: aPerson, position: '0', revision: 0 },
      ...{ name: 'sealed:1:a', email: 'sealed:1:b', email_hash: 'hash-of-ana' },
    });
    given(registered(), renamed('sealed:1:c'), emailChanged('sealed:1:d')).shows({
      ...{ name: 'sealed:1:c', email: 'sealed:1:d', email_hash: 'hash-of-sealed:1:d' },
      revision: 2,
    });
  });

  it('shows nothing of a customer who was removed', () => {
    given(registered(), renamed(), removed()).showsNothing();
  });
});
