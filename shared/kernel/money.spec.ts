import { expect } from 'chai';
import { reader, Unreadable } from './schema.ts';
import {
  AmountText,
  amountText,
  centsOf,
  LARGEST_AMOUNT_IN_CENTS,
  percentOf,
  sumInCents,
  timesInCents,
} from './money.ts';

const NO_AMOUNTS = ['', '1', '1.0', '1.000', '01.00', '.50', '1,00', '1e2', '+1.00', ' 1.00'];
const readAmount = reader(AmountText);

describe('An amount', () => {
  it('is a decimal string with two places on the wire and whole cents in code', () => {
    const amounts = { '0.00': 0, '0.01': 1, '0.10': 10, '100.00': 10_000, '1000.01': 100_001 };
    for (const [text, cents] of Object.entries(amounts)) {
      expect(centsOf(text), text).to.equal(cents);
      expect(amountText(cents), text).to.equal(text);
    }
  });

  it('that no float can hold comes through unharmed', () => {
    for (const text of ['0.29', '1.15', '4.35', '8.20', '1023456789.07', '9999999999.99'])
      expect(amountText(centsOf(text) ?? 0), text).to.equal(text);
  });

  it('may be owed', () => {
    expect(centsOf('-3.05')).to.equal(-305);
    expect(amountText(-305)).to.equal('-3.05');
    expect(amountText(-5)).to.equal('-0.05');
    expect(Object.is(centsOf('-0.00'), 0)).to.equal(true);
  });

  it('is written in one way only', () => {
    for (const text of NO_AMOUNTS) {
      expect(centsOf(text), text).to.equal(undefined);
      expect(() => readAmount(text), text).to.throw(Unreadable);
    }
    expect(centsOf('1.00\n')).to.equal(undefined);
  });

  it('has a largest', () => {
    expect(amountText(LARGEST_AMOUNT_IN_CENTS)).to.equal('9999999999.99');
    expect(readAmount('9999999999.99')).to.equal('9999999999.99');
    expect(centsOf('10000000000.00')).to.equal(undefined);
    expect(() => readAmount('10000000000.00')).to.throw(Unreadable);
  });

  it('has no sign in a body', () => {
    expect(() => readAmount('-1.00')).to.throw(Unreadable);
  });

  it('is never a fraction of a cent', () => {
    expect(() => amountText(0.5)).to.throw(RangeError);
    expect(() => amountText(Number.NaN)).to.throw(RangeError);
    expect(() => amountText(2 ** 53)).to.throw(RangeError);
  });
});

describe('A sum of amounts', () => {
  it('is exact', () => {
    expect(sumInCents([])).to.equal(0);
    expect(sumInCents([10, 20, -5])).to.equal(25);
    expect(sumInCents(Array<number>(9000).fill(LARGEST_AMOUNT_IN_CENTS))).to.equal(
      9000 * LARGEST_AMOUNT_IN_CENTS,
    );
  });

  it('is none when it cannot be told to the cent', () => {
    expect(sumInCents(Array<number>(9008).fill(LARGEST_AMOUNT_IN_CENTS))).to.equal(undefined);
    expect(timesInCents(LARGEST_AMOUNT_IN_CENTS, 9008)).to.equal(undefined);
  });

  it('of the same one is that many times it', () => {
    expect(timesInCents(1000, 9)).to.equal(9000);
    expect(timesInCents(LARGEST_AMOUNT_IN_CENTS, 9000)).to.equal(9000 * LARGEST_AMOUNT_IN_CENTS);
  });
});

describe('A percentage of an amount', () => {
  it('is rounded half up to the cent', () => {
    expect(percentOf(100_001, '15')).to.equal(15_000);
    expect(percentOf(5, '10')).to.equal(1);
    expect(percentOf(4, '10')).to.equal(0);
    expect(percentOf(30, '15')).to.equal(5);
    expect(percentOf(10, '5')).to.equal(1);
    expect(percentOf(9, '5')).to.equal(0);
  });

  it('is exact where a float is not', () => {
    // 1.15 * 50 and 1.005 * 100 are both just under a half as floats.
    expect(percentOf(115, '50')).to.equal(58);
    expect(percentOf(100, '100.5')).to.equal(101);
    expect(percentOf(LARGEST_AMOUNT_IN_CENTS, '99.9999')).to.equal(999_998_999_999);
  });

  it('may be nothing, everything, or have places of its own', () => {
    expect(percentOf(12_345, '0')).to.equal(0);
    expect(percentOf(12_345, '100')).to.equal(12_345);
    expect(percentOf(1000, '7.5')).to.equal(75);
    expect(percentOf(1000, '0.0500')).to.equal(1);
  });

  it('is refused when it is none', () => {
    for (const percent of ['', '-1', '10%', '1e1', '010', '.5', '1.'])
      expect(() => percentOf(100, percent), percent).to.throw(RangeError);
    expect(() => percentOf(-1, '10')).to.throw(RangeError);
  });
});
