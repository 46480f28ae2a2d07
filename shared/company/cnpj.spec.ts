import { expect } from 'chai';
import { cnpjOf } from './cnpj.ts';

describe('A CNPJ', () => {
  it('is fourteen digits, however it is written', () => {
    expect(cnpjOf('11222333000181')).to.equal('11222333000181');
    expect(cnpjOf('11.222.333/0001-81')).to.equal('11222333000181');
  });

  it('may begin with zeros, and they are kept', () => {
    expect(cnpjOf('00.000.000/0001-91')).to.equal('00000000000191');
  });

  it('is none when either check digit is wrong', () => {
    expect(cnpjOf('11222333000191')).to.equal(undefined);
    expect(cnpjOf('11222333000182')).to.equal(undefined);
  });

  it('is none when all digits are the same, though their check digits are right', () => {
    expect(cnpjOf('00000000000000')).to.equal(undefined);
  });

  it('is none when it is too short, too long, or has anything else in it', () => {
    for (const text of ['1122233300018', '112223330001811', '1122233300018a', ''])
      expect(cnpjOf(text), text).to.equal(undefined);
  });
});
