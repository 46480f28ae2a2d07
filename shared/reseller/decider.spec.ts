import { expect } from 'chai';
import { specFor } from '#shared/testing/spec-for.ts';
import { reseller } from './decider.ts';
import { register, registered } from './examples.ts';

const { given } = specFor(reseller);

describe('A reseller', () => {
  it('registers once', () => {
    given().when(register()).thenOnce(registered()).thenRefused('cpf-taken');
  });

  it('is who has the CPF, whatever they say they are called', () => {
    given(registered())
      .when(register({ fullName: 'Bia', email: 'bia@example.com' }))
      .thenRefused('cpf-taken');
  });

  it('is nobody any more once erased, and their CPF stays taken', () => {
    const { data } = registered();
    const erased = {
      type: 'ResellerRegistered',
      data: { ...data, cpf: null, email: null },
    } as const;
    given(erased).when(register()).thenRefused('cpf-taken');
    expect(reseller.evolve(reseller.initialState, erased)).to.include({ cpf: null, email: null });
  });
});
