import { expect } from 'chai';
import { cashbackOf, judged, of, sale, wrongIn } from '../../test/support/some-intakes.ts';
import { erpSale, noon } from './examples.ts';
import { assess } from './intake.ts';
import { RULE_SETS } from './rule-sets.ts';

describe('A sale', () => {
  it('is sound when all of it is, and gives its cashback', () => {
    expect(judged(erpSale)).to.deep.equal({
      outcome: 'sound',
      sale: {
        document: '52998224725',
        name: 'JOSE DA SILVA',
        soldAt: '2026-01-02T03:00:00.000Z',
        soldOn: '2026-01-02',
        totalInCents: 10_000,
        lines: [
          ['A', 1_000, 1],
          ['B', 1_000, 9],
        ],
        calculation: {
          ruleSet: '1',
          lines: [
            [1_000, '5', 50],
            [9_000, '15', 1_350],
          ],
          cashbackInCents: 1_400,
        },
      },
    });
  });

  it('is refused for everything that is wrong with it, at once', () => {
    const nonsense = {
      sold_at: '2026-13-01 00:00:00',
      customer: { document: '12312312323', nickname: 'Zé' },
      total: '1e3',
      products: [{ type: 'E', value: '10,00', qty: 0 }],
      extra: 1,
    };
    expect(wrongIn(nonsense)).to.have.members([
      '/extra additional-properties',
      '/customer/name required',
      '/customer/nickname additional-properties',
      '/products/0/qty minimum',
      '/customer/document cpf',
      '/sold_at no-time',
      '/total no-amount',
      '/products/0/value no-amount',
      '/products/0/type unknown-type',
    ]);
    const two = sale({ total: '1.00', customer: { document: '1', name: 'JOSE' } });
    expect(wrongIn(two)).to.have.members(['/customer/document cpf', '/total total-mismatch']);
  });

  it('is refused when it is no sale at all', () => {
    for (const json of [null, [], 7, 'sale', true]) expect(wrongIn(json)).to.deep.equal([' type']);
    expect(wrongIn({})).to.have.members(
      ['sold_at', 'customer', 'total', 'products'].map((name) => `/${name} required`),
    );
    expect(wrongIn(sale({ customer: 'JOSE', products: {} }))).to.have.members([
      '/customer type',
      '/products type',
    ]);
    expect(wrongIn(sale({ products: [1] }))).to.include('/products/0 type');
  });

  it('is somebody’s with a CPF, however it is written', () => {
    const by = (document: unknown) => sale({ customer: { document, name: 'JOSE' } });
    const found = judged(by('529.982.247-25'));
    expect(found.outcome === 'sound' && found.sale.document).to.equal('52998224725');
    expect(wrongIn(by('08948135015'))).to.deep.equal([]);
    for (const other of ['33535353535', '00000000000', '5299822472', '', '52998224725 '])
      expect(wrongIn(by(other)), other).to.deep.equal(['/customer/document cpf']);
    expect(wrongIn(by(52998224725))).to.deep.equal(['/customer/document type']);
  });

  it('may call its buyer anything, but not without end', () => {
    const of = (name: unknown) => sale({ customer: { document: '52998224725', name } });
    expect(wrongIn(of(''))).to.deep.equal([]);
    expect(wrongIn(of('Ç'.repeat(1_000)))).to.deep.equal([]);
    expect(wrongIn(of('x'.repeat(1_001)))).to.deep.equal(['/customer/name max-length']);
  });

  it('is of types that are in the rule set of its day', () => {
    for (const type of ['E', 'a', '', ' A', 'constructor'])
      expect(wrongIn(of({ type }, '10.00')), type).to.deep.equal(['/products/0/type unknown-type']);
    expect(wrongIn(sale({ sold_at: '1899-12-31 23:59:59' }))).to.deep.equal([
      '/sold_at no-rule-set',
    ]);
  });

  it('was sold at a real time that has come, give or take five minutes', () => {
    const at = (sold_at: unknown) => wrongIn(sale({ sold_at }), noon);
    expect(at('2026-01-15 09:00:00')).to.deep.equal([]);
    expect(at('2026-01-15 09:05:00')).to.deep.equal([]);
    expect(at('2026-01-15 09:05:01')).to.deep.equal(['/sold_at future']);
    expect(at('2018-11-04 00:30:00')).to.deep.equal(['/sold_at skipped']);
    expect(at('2018-02-17 23:30:00')).to.deep.equal([]);
    expect(at(0)).to.deep.equal(['/sold_at type']);
  });

  it('may have thousands of lines, as many as can be kept as one', () => {
    const lines = (count: number, value: string, total: string) =>
      sale({
        total,
        products: Array.from({ length: count }, () => ({ type: 'B', value, qty: 1 })),
      });
    expect(cashbackOf(lines(10_000, '10.00', '100000.00'))).to.equal(1_500_000);
    // As many as fit in the largest body there may be.
    expect(cashbackOf(lines(31_000, '1', '31000'))).to.equal(465_000);
    expect(wrongIn(lines(31_000, '100000.01', '3100000310.00'))).to.deep.equal([
      '/products too-large',
    ]);
  });

  it('is not looked into when it cannot be gone through', () => {
    const flaws = [{ pointer: '/a', code: 'nesting', message: 'is too deep' }];
    expect(assess(sale({ total: '1' }), noon, RULE_SETS, flaws)).to.deep.include({
      outcome: 'refused',
      errors: flaws,
    });
  });

  it('that is refused says what was understood of it all the same', () => {
    const understood = (json: unknown) => {
      const assessment = judged(json);
      return assessment.outcome === 'refused' && assessment.understood;
    };
    expect(understood(sale({ total: '99.00' }))).to.deep.equal({
      document: '52998224725',
      soldAt: '2026-01-02T03:00:00.000Z',
      soldOn: '2026-01-02',
      totalInCents: 9_900,
    });
    expect(understood({ sold_at: 'x', customer: { document: '1' }, total: 1 })).to.deep.equal({});
  });
});
