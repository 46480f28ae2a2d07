import { specFor } from '#shared/testing/spec-for.ts';
import { company } from './decider.ts';
import { change, cnpjChanged, open, opened, renamed } from './examples.ts';

const { given } = specFor(company);
const cnpj = '11222333000181';

describe('A company', () => {
  it('is opened once under its id', () => {
    given().when(open()).thenOnce(opened()).thenRefused('company-id-taken');
  });

  it('may say its CNPJ when it is opened', () => {
    given().when(open({ cnpj })).thenOnce(opened({ cnpj })).thenRefused('company-id-taken');
  });

  it('does not take over the id of another one', () => {
    given(opened())
      .when(open({ name: 'Boreal' }))
      .thenRefused('company-id-taken');
  });

  it('has to exist to be changed', () => {
    given()
      .when(change({ name: 'Boreal' }))
      .thenRefused('company-not-found');
  });

  it('changes its name, its CNPJ, or both', () => {
    given(opened())
      .when(change({ name: 'Boreal' }))
      .then(renamed());
    given(opened()).when(change({ cnpj })).then(cnpjChanged());
    given(opened())
      .when(change({ name: 'Boreal', cnpj }))
      .then(renamed(), cnpjChanged());
  });

  it('takes what it is called already for no news', () => {
    given(opened({ cnpj }))
      .when(change({ name: 'Aurora', cnpj }))
      .then();
    given(opened(), renamed())
      .when(change({ name: 'Aurora' }))
      .then(renamed('Aurora'));
    given(opened()).when(change()).then();
  });
});
