import { expect } from 'chai';
import { cashbackOf, of, sale, wrongIn, type Sent } from '../../test/support/some-intakes.ts';

describe('A sale adds up', () => {
  it('exactly, where floats do not', () => {
    expect(wrongIn(of({ value: '0.1', qty: 3 }, '0.3'))).to.deep.equal([]);
    expect(wrongIn(of({ value: '0.10', qty: 3 }, '0.30'))).to.deep.equal([]);
    expect(wrongIn(of({ value: '1.15', qty: 100 }, '115'))).to.deep.equal([]);
    expect(wrongIn(of({ value: '8.20', qty: 999_999 }, '8199991.80'))).to.deep.equal([]);
  });

  it('to the cent, or is refused', () => {
    for (const total of ['99.99', '100.01', '0.00', '10.00'])
      expect(wrongIn(sale({ total })), total).to.deep.equal(['/total total-mismatch']);
  });

  it('from lines that cost something and are at least one', () => {
    expect(wrongIn(of({ value: '0.00' }, '0.00'))).to.deep.equal([
      '/products/0/value not-positive',
    ]);
    expect(wrongIn(of({ value: '-1.00' }, '-1.00'))).to.include('/products/0/value no-amount');
    for (const [qty, code] of [
      [0, 'minimum'],
      [-1, 'minimum'],
      [1.5, 'type'],
      ['1', 'type'],
      [null, 'type'],
      [2 ** 53, 'maximum'],
    ] as const)
      expect(wrongIn(of({ qty }, '10.00')), String(qty)).to.deep.equal([`/products/0/qty ${code}`]);
    expect(wrongIn(sale({ products: [], total: '0.00' }))).to.include('/products min-items');
  });

  it('in whole numbers of pieces, whichever way JSON writes them', () => {
    const qty = (text: string) => JSON.parse(`{"type":"A","value":"10.00","qty":${text}}`) as Sent;
    expect(wrongIn(of(qty('1.0'), '10.00'))).to.deep.equal([]);
    expect(wrongIn(of(qty('1e1'), '100.00'))).to.deep.equal([]);
    expect(wrongIn(of(qty('1e400'), '100.00'))).to.deep.equal(['/products/0/qty type']);
  });

  it('from decimal strings and nothing else', () => {
    expect(wrongIn(of({ value: 10 }, 10))).to.have.members([
      '/products/0/value type',
      '/total type',
    ]);
    expect(wrongIn(of({ value: '10,00' }, '10,00'))).to.have.members([
      '/products/0/value no-amount',
      '/total no-amount',
    ]);
  });

  it('up to an amount that is told to the cent', () => {
    expect(cashbackOf(of({ value: '9999999999.99' }, '9999999999.99'))).to.equal(50_000_000_000);
    expect(wrongIn(of({ value: '12345678901234567' }, '12345678901234567'))).to.have.members([
      '/products/0/value too-large',
      '/total too-large',
    ]);
    const many = of({ value: '9999999999.99', qty: 1_000_000_000 }, '9999999999.99');
    expect(wrongIn(many)).to.deep.equal(['/total total-mismatch']);
  });
});
