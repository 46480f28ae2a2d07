import { expect } from 'chai';
import { cpfOf, type Cpf } from './cpf.ts';
import { personOf } from './person.ts';
import { keyedHash } from './personal.ts';

const cpf = (text: string): Cpf => cpfOf(text) ?? expect.fail(`${text} is no CPF`);
const hash = keyedHash(Buffer.alloc(32, 1));
const anotherHash = keyedHash(Buffer.alloc(32, 2));

describe('A person', () => {
  it('is one, however their CPF is written', () => {
    const person = personOf(hash, cpf('15350946056'));
    expect(personOf(hash, cpf('153.509.460-56'))).to.equal(person);
    expect(person).to.match(/^[0-9a-f-]{36}$/);
  });

  it('is nobody else, and is not found without the key', () => {
    const person = personOf(hash, cpf('15350946056'));
    expect(personOf(hash, cpf('52998224725'))).to.not.equal(person);
    expect(personOf(anotherHash, cpf('15350946056'))).to.not.equal(person);
  });
});
