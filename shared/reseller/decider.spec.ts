import { specFor } from '#shared/testing/spec-for.ts';
import { expect } from 'chai';
import type { Month } from '#shared/kernel/calendar.ts';
import { reseller } from './decider.ts';
import { aPerson, erase, erased, register, registered } from './examples.ts';

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

  it('is erased once, and nobody registers with their CPF again', () => {
    given(registered()).when(erase()).then(erased());
    given(registered(), erased()).when(register()).thenRefused('cpf-taken');
    expect(reseller.evolve(reseller.initialState, erased())).to.deep.equal({
      ...{ status: 'erased', subjectId: aPerson },
    });
  });

  it('is not erased while a month of theirs is open, and not asked about months afterwards', () => {
    const open = ['2026-01' as Month];
    given(registered()).when(erase(open)).thenRefused('month-open');
    given(registered(), erased()).when(erase(open)).then();
  });

  it('has to be there to be erased', () => {
    given().when(erase()).thenRefused('reseller-not-found');
  });
});
