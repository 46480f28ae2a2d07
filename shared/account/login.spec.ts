import { expect } from 'chai';
import { normalisedLogin } from './login.ts';

describe('What somebody signs in with', () => {
  it('is the same in capitals, and with spaces around it', () => {
    expect(normalisedLogin(' Ana@Example.COM ')).to.equal('ana@example.com');
  });

  it('is the same however an accent is written', () => {
    expect(normalisedLogin('jo\u0061\u0303o')).to.equal(normalisedLogin('jo\u00e3o'));
  });

  it('may be a CPF, formatted or not', () => {
    expect(normalisedLogin('111.444.777-35')).to.equal('11144477735');
    expect(normalisedLogin('11144477735')).to.equal('11144477735');
  });

  it('keeps its dots and dashes when it is no CPF', () => {
    expect(normalisedLogin('ana.b-c')).to.equal('ana.b-c');
  });
});
