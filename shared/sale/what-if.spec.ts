import { expect } from 'chai';
import { Unreadable } from '#shared/kernel/schema.ts';
import { calculated, received, refused, anotherSale, aSale } from './examples.ts';
import type { SaleEvent } from './events.ts';
import { RULE_SETS } from './rule-sets.ts';
import { MOST_LISTED, otherRuleSets, whatIf, type Period } from './what-if.ts';

const everything: Period = { from: '0001-01-01', to: '9999-12-31' };
const sold: readonly SaleEvent[] = [received(), calculated()];
const soldLater: readonly SaleEvent[] = [
  received({ saleId: anotherSale, soldOn: '2026-02-10', lines: [['C', 1_000, 1]] }),
  calculated({ saleId: anotherSale, lines: [[1_000, '8', 80]], cashbackInCents: 80 }),
];

const tried = (json: unknown, events: readonly SaleEvent[], period = everything) => {
  const trying = whatIf(otherRuleSets(json), period);
  for (const event of events) trying.add(event);
  return trying.result();
};

describe('What past sales would have given', () => {
  it('is told in all, and sale by sale where it differs', () => {
    const other = { version: '2', from: '2026-01-01', percents: { A: '10', B: '15', C: '8' } };
    expect(tried(other, [...sold, refused(), ...soldLater])).to.deep.equal({
      ...{ sales: 2, changed: 1, notCovered: 0 },
      ...{ cashbackInCents: 14_80n, otherInCents: 15_30n },
      items: [
        {
          ...{ saleId: aSale, soldOn: '2026-01-02', ruleSet: '1', otherRuleSet: '2' },
          ...{ cashbackInCents: 14_00n, otherInCents: 14_50n },
        },
      ],
    });
  });

  it('is the same under the rules that held', () => {
    const same = RULE_SETS.map((one) => ({ ...one, version: 'same' }));
    expect(tried(same, [...sold, ...soldLater])).to.include({ sales: 2, changed: 0 });
  });

  it('is looked at for the days that are asked for, both included', () => {
    const none = { percents: { A: '0', B: '0', C: '0' } };
    const on = (from: string, to: string) =>
      tried(none, [...sold, ...soldLater], { from, to }).items.map(({ saleId }) => saleId);
    expect(on('2026-01-02', '2026-02-10')).to.deep.equal([aSale, anotherSale]);
    expect(on('2026-01-03', '2026-02-10')).to.deep.equal([anotherSale]);
    expect(on('2026-01-02', '2026-02-09')).to.deep.equal([aSale]);
  });

  it('stays as it is before the other rules begin, and where they know no such type', () => {
    const later = { version: '2', from: '2026-02-01', percents: { C: '10' } };
    expect(tried(later, [...sold, ...soldLater])).to.deep.include({
      ...{ sales: 2, changed: 1, notCovered: 0 },
      otherInCents: 15_00n,
    });
    expect(tried({ percents: { C: '10' } }, [...sold, ...soldLater])).to.deep.include({
      ...{ changed: 1, notCovered: 1, cashbackInCents: 14_80n, otherInCents: 15_00n },
    });
  });

  it('is counted in full, and listed as far as that can be read', () => {
    const many = Array.from({ length: MOST_LISTED + 1 }, () => sold).flat();
    const { changed, items } = tried({ percents: { A: '0', B: '0' } }, many);
    expect({ changed, listed: items.length }).to.deep.equal({
      ...{ changed: MOST_LISTED + 1, listed: MOST_LISTED },
    });
  });

  it('is not told by rules that are none', () => {
    for (const json of [
      ...[null, 1, [], {}, { percents: {}, others: 1 }, { percents: { A: 5 } }],
      ...[{ percents: { A: '101' } }, { from: 'today', percents: {} }],
    ])
      expect(() => otherRuleSets(json), JSON.stringify(json)).to.throw(Unreadable);
  });
});
