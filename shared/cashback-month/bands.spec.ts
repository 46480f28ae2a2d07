import { expect } from 'chai';
import type { Month } from '#shared/kernel/calendar.ts';
import { amountText, centsOf } from '#shared/kernel/money.ts';
import { Unreadable } from '#shared/kernel/schema.ts';
import { bandPercent, bandRulesOf, monthTotal, percentsOf, readBandRules } from './bands.ts';

const january = '2026-01' as Month;
const rules = bandRulesOf(january);

const cents = (text: string): number => centsOf(text) ?? expect.fail(`${text} is no amount`);
const total = (...amounts: string[]) => {
  const purchases = amounts.map((amount) => ({ amountInCents: cents(amount) }));
  const { purchasedInCents, percent, cashbackInCents } = monthTotal(rules, purchases);
  return [amountText(purchasedInCents), percent, amountText(cashbackInCents)];
};

describe('The cashback of a month', () => {
  it('is by the sum of its purchases, and the percentage is that of each of them', () => {
    expect(total('800.00', '300.00')).to.deep.equal(['1100.00', '15', '165.00']);
    expect(total('800.00')).to.deep.equal(['800.00', '10', '80.00']);
  });

  it('goes up a cent above a thousand, and a cent above fifteen hundred', () => {
    expect(total('1000.00')).to.deep.equal(['1000.00', '10', '100.00']);
    expect(total('1000.01')).to.deep.equal(['1000.01', '15', '150.00']);
    expect(total('1500.00')).to.deep.equal(['1500.00', '15', '225.00']);
    expect(total('1500.01')).to.deep.equal(['1500.01', '20', '300.00']);
  });

  it('is rounded half up, purchase by purchase', () => {
    expect(total('0.05', '0.05', '0.05')).to.deep.equal(['0.15', '10', '0.03']);
    expect(total('0.04', '0.04', '0.04')).to.deep.equal(['0.12', '10', '0.00']);
    expect(total('1000.00', '0.03')).to.deep.equal(['1000.03', '15', '150.00']);
    expect(total('1000.00', '0.04')).to.deep.equal(['1000.04', '15', '150.01']);
  });

  it('of no purchases is nothing', () => {
    expect(total()).to.deep.equal(['0.00', '10', '0.00']);
  });

  it('has no sum that is not exact', () => {
    expect(() => monthTotal(rules, Array(9_008).fill({ amountInCents: 10 ** 12 - 1 }))).to.throw(
      RangeError,
    );
  });
});

describe('The rules of bands', () => {
  const bands = [{ upToInCents: 500, percent: '1.5' }];
  const all = readBandRules([
    { version: '2', from: '2026-02', bands, above: '3' },
    { version: '1', from: '2020-01', bands: [], above: '7' },
  ]);

  it('are those of the month, so that a past one is explained by the rules of its time', () => {
    expect(bandRulesOf('2026-01' as Month, all).version).to.equal('1');
    expect(bandRulesOf('2026-02' as Month, all).version).to.equal('2');
    expect(bandRulesOf('2031-07' as Month, all).version).to.equal('2');
    expect(() => bandRulesOf('2019-12' as Month, all)).to.throw('2019-12');
  });

  it('reach as far back as there can be a purchase', () => {
    expect(bandRulesOf('0000-01' as Month).version).to.equal('1');
  });

  it('say a percentage for every sum', () => {
    const [second] = all;
    if (!second) throw new Error('There are two');
    expect([0, 500, 501].map((sum) => bandPercent(second, sum))).to.deep.equal(['1.5', '1.5', '3']);
    expect(percentsOf(second)).to.deep.equal(['1.5', '3']);
    expect(percentsOf({ ...second, above: '1.5' })).to.deep.equal(['1.5']);
  });

  it('are read as data, and refused when they are none', () => {
    for (const wrong of [{ above: '101' }, { above: 20 }, { from: '2026' }, { more: 1 }])
      expect(() =>
        readBandRules([{ version: '1', from: '2020-01', bands, above: '3', ...wrong }]),
      ).to.throw(Unreadable);
  });
});
