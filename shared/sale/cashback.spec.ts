import { expect } from 'chai';
import { Unreadable } from '#shared/kernel/schema.ts';
import { cashbackOn, type Line } from './cashback.ts';
import { percentFor, readRuleSets, RULE_SETS, ruleSetOn } from './rule-sets.ts';

const [first] = RULE_SETS;
const today = first ?? expect.fail('There is no rule set');
const on = (...lines: Line[]) => cashbackOn(lines, today);

describe('Cashback', () => {
  it('is 14.00 of one A and nine B at 10.00', () => {
    expect(on(['A', 1_000, 1], ['B', 1_000, 9])).to.deep.equal({
      ruleSet: '1',
      lines: [
        [1_000, '5', 50],
        [9_000, '15', 1_350],
      ],
      cashbackInCents: 1_400,
    });
  });

  it('is 5 % of A, 15 % of B, 8 % of C and 10 % of D', () => {
    const percents = ['A', 'B', 'C', 'D'].map((type) => percentFor(today, type));
    expect(percents).to.deep.equal(['5', '15', '8', '10']);
  });

  it('is rounded half up on each line, and not on their sum', () => {
    expect(on(['A', 10, 1])?.cashbackInCents).to.equal(1);
    expect(on(['A', 9, 1])?.cashbackInCents).to.equal(0);
    expect(on(['A', 10, 1], ['A', 10, 1], ['A', 10, 1])?.cashbackInCents).to.equal(3);
    expect(on(['A', 10, 3])?.cashbackInCents).to.equal(2);
    expect(on(['B', 110, 1], ['C', 1_006, 1])?.lines.map(([, , cents]) => cents)).to.deep.equal([
      17, 80,
    ]);
  });

  it('is exact where a float is not', () => {
    expect(on(['A', 999_999_999_999, 9_000])?.cashbackInCents).to.equal(449_999_999_999_550);
  });

  it('is none of a type that nobody set a percentage for', () => {
    for (const type of ['E', 'a', '', 'AB', 'toString', '__proto__'])
      expect(on([type, 1_000, 1]), type).to.equal(undefined);
  });
});

describe('A rule set', () => {
  const sets = readRuleSets([
    { version: '2', from: '2026-07-01', percents: { A: '7.5' } },
    { version: '1', from: '2026-01-01', percents: { A: '5' } },
  ]);
  const versionOn = (day: string) => ruleSetOn(sets, day)?.version;

  it('holds from its first day until the next one begins', () => {
    expect(versionOn('2025-12-31')).to.equal(undefined);
    expect(versionOn('2026-01-01')).to.equal('1');
    expect(versionOn('2026-06-30')).to.equal('1');
    expect(versionOn('2026-07-01')).to.equal('2');
    expect(versionOn('2030-01-01')).to.equal('2');
  });

  it('may have percentages with places', () => {
    const [second] = sets;
    expect(second && cashbackOn([['A', 1_000, 1]], second)?.cashbackInCents).to.equal(75);
  });

  it('that makes no sense is not read', () => {
    const set = { version: '1', from: '2026-01-01', percents: { A: '5' } };
    const others = [
      ...[
        { ...set, from: '2026-02-30' },
        { ...set, version: '' },
        { ...set, rate: 1 },
      ],
      ...['5%', '-1', '101', '05', '1e1', '100.1', '5.00001'].map((percent) => ({
        ...set,
        percents: { A: percent },
      })),
      { ...set, percents: { A: 5 } },
    ];
    for (const other of others)
      expect(() => readRuleSets([other]), JSON.stringify(other)).to.throw(Unreadable);
    expect(() => readRuleSets([])).to.throw(Unreadable);
  });
});
