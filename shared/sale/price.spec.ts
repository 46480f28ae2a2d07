import { expect } from 'chai';
import { readPrice } from './price.ts';

describe('An amount as an ERP writes it', () => {
  it('has two places at most, and needs none', () => {
    const amounts = { '10.00': 1_000, '0.1': 10, '0.10': 10, '3': 300, '0.07': 7, '0': 0 };
    for (const [text, cents] of Object.entries(amounts))
      expect(readPrice(text), text).to.equal(cents);
  });

  it('comes through to the cent where a float would not', () => {
    for (const [text, cents] of [
      ['0.29', 29],
      ['1.15', 115],
      ['4.35', 435],
      ['1023456789.07', 102_345_678_907],
    ] as const)
      expect(readPrice(text), text).to.equal(cents);
  });

  it('is no number, and nothing that a float parser would take for one', () => {
    const others = [
      ...['', ' ', '10,00', '1e3', '1E3', '0x10', '+1.00', '-1.00', ' 1.00', '1.00 ', '1_000'],
      ...['1.000,00', '1,000.00', '.5', '1.', '1.005', '1.000', '01.00', '00', 'NaN', 'Infinity'],
      ...['１.00', '1.00\n'],
    ];
    for (const text of others) expect(readPrice(text), JSON.stringify(text)).to.equal('no-amount');
  });

  it('is too large when it is beyond what is counted to the cent', () => {
    expect(readPrice('9999999999.99')).to.equal(999_999_999_999);
    for (const text of ['10000000000.00', '12345678901234567', '99999999999999999.99'])
      expect(readPrice(text), text).to.equal('too-large');
  });
});
