import { expect } from 'chai';
import { comparedCredit, type CreditUnit } from './credit.ts';

const known = (credit: number | string) => ({ outcome: 'known', credit }) as const;
const of = (credit: number | string, unit?: CreditUnit) =>
  comparedCredit(120_00, known(credit), unit);

describe('What was granted, against what the partner says is accumulated,', () => {
  it('agrees in the unit in which the partner counts, to the cent', () => {
    expect(of(120, 'reais').status).to.equal('MATCHED');
    expect(of('120.00', 'reais').status).to.equal('MATCHED');
    expect(of(12_000, 'cents').status).to.equal('MATCHED');
    expect(of(12_000, 'reais')).to.deep.include({
      ...{ status: 'DIFFERENT', credit: 12_000 },
      difference: { asReais: '11880.00', asCents: '0.00' },
    });
    expect(of(119.99, 'reais').difference.asReais).to.equal('-0.01');
    expect(comparedCredit(10_10, known(10.1), 'reais').status).to.equal('MATCHED');
  });

  it('agrees in either as long as nobody says which', () => {
    for (const credit of [120, '120.0', 12_000]) expect(of(credit).status).to.equal('MATCHED');
    expect(of(1_015)).to.deep.include({
      status: 'DIFFERENT',
      difference: { asReais: '895.00', asCents: '-109.85' },
    });
  });

  it('cannot be compared with what is no amount, or with no answer', () => {
    for (const credit of ['plenty', 1e21, '1.005', ''])
      expect(of(credit).status, String(credit)).to.equal('UNREADABLE');
    expect(of('120.50', 'cents').status).to.equal('UNREADABLE');
    expect(comparedCredit(1, { outcome: 'unavailable' }).status).to.equal('UNAVAILABLE');
    const refused = comparedCredit(1, { outcome: 'refused', message: 'no such CPF' });
    expect(refused).to.deep.include({ status: 'REFUSED', credit: null });
    expect(comparedCredit(1, undefined).status).to.equal('ERASED');
  });
});
