import { specFor } from '#shared/testing/spec-for.ts';
import { customer } from './decider.ts';
import {
  change,
  emailChanged,
  register,
  registered,
  remove,
  removed,
  renamed,
} from './examples.ts';

const { given } = specFor(customer);

describe('A customer', () => {
  it('is registered once', () => {
    given().when(register()).thenOnce(registered()).thenRefused('customer-already-registered');
  });

  it('changes their name or e-mail, or both, and what is so already is no news', () => {
    given(registered())
      .when(change({ name: 'Ana Lima' }))
      .then(renamed());
    given(registered())
      .when(change({ name: 'Ana Lima', email: 'lima@example.com' }))
      .then(renamed(), emailChanged());
    given(registered())
      .when(change({ name: 'Ana', email: 'Ana@example.com' }))
      .then();
    given(registered(), renamed(), emailChanged())
      .when(change({ name: 'Ana Lima', email: 'lima@example.com' }))
      .then();
  });

  it('keeps an e-mail as it was written, also when only capitals change', () => {
    given(registered())
      .when(change({ email: 'ana@example.com' }))
      .then(emailChanged('ana@example.com'));
  });

  it('is nobody any more once removed', () => {
    given(registered()).when(remove()).thenOnce(removed()).thenRefused('customer-not-found');
    given(registered(), removed())
      .when(change({ name: 'Bia' }))
      .thenRefused('customer-not-found');
    given(registered(), removed()).when(register()).thenRefused('customer-already-registered');
  });

  it('has to be there to be changed or removed', () => {
    given().when(change({})).thenRefused('customer-not-found');
    given().when(remove()).thenRefused('customer-not-found');
  });
});
