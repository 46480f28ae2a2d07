import { expect } from 'chai';
import { cpfNumberAt, cpfOf, cpfOfNumber, CpfText, maskedCpf } from './cpf.ts';
import { reader, Unreadable } from './schema.ts';

const VALID = ['15350946056', '52998224725', '11144477735', '39053344705', '08948135015'];
const NOT_WRITTEN_SO = [
  '',
  '1535094605',
  '153509460560',
  '153.509.46056',
  '153-509-460.56',
  '153 509 460 56',
  '1535094605a',
  '١٥٣٥٠٩٤٦٠٥٦',
  '15350946056\n',
];

describe('A CPF', () => {
  it('is eleven digits with two that check the others', () => {
    for (const digits of VALID) expect(cpfOf(digits), digits).to.equal(digits);
  });

  it('is the same however it is written', () => {
    expect(cpfOf('153.509.460-56')).to.equal('15350946056');
  });

  it('keeps the zeros it begins with', () => {
    expect(cpfOf('089.481.350-15')).to.equal('08948135015');
  });

  it('is known by a number that fits in 31 bits, and is made of it again', () => {
    for (const digits of VALID) {
      const number = cpfNumberAt(Buffer.from(`,${digits}`), 1) ?? -1;
      expect(number, digits).to.be.within(0, 2 ** 30);
      expect(cpfOfNumber(number), digits).to.equal(digits);
    }
  });

  it('is none when either check digit is wrong', () => {
    for (const digits of VALID)
      for (const at of [9, 10]) {
        const other = (Number(digits[at]) + 1) % 10;
        const changed = `${digits.slice(0, at)}${other}${digits.slice(at + 1)}`;
        expect(cpfOf(changed), changed).to.equal(undefined);
      }
    for (const digits of ['12312312323', '33535353535'])
      expect(cpfOf(digits), digits).to.equal(undefined);
  });

  it('is none when all digits are the same, though their check digits are right', () => {
    for (const digit of '0123456789') expect(cpfOf(digit.repeat(11)), digit).to.equal(undefined);
  });

  it('is written in two ways only', () => {
    const readCpf = reader(CpfText);
    for (const text of NOT_WRITTEN_SO) {
      expect(cpfOf(text), JSON.stringify(text)).to.equal(undefined);
      expect(() => readCpf(text), JSON.stringify(text)).to.throw(Unreadable);
    }
    for (const text of ['153.509.460-56', '15350946056']) expect(readCpf(text)).to.equal(text);
  });

  it('shows its middle to those who may not know whose it is', () => {
    expect(maskedCpf('15350946056')).to.equal('***.509.460-**');
  });
});
