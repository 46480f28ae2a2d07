import { expect } from 'chai';
import { completed, expired, failed, ignored, started } from '#shared/swap/examples.ts';
import { isAnswered, judged } from '../support/equipment-oracle.ts';

const confirm = { says: 'confirm', payload: 'confirm transaction {14}', afterMs: 10 } as const;
const error = { says: 'error', payload: 'error transaction {14}', afterMs: 30 } as const;
const garbled = { says: 'garbled', payload: 'c0nf#rm {14}', afterMs: 5 } as const;
const late = { ...confirm, afterMs: Infinity };

describe('Whoever judges the transactions', () => {
  it('finds one right that ended as its equipment means it, and says', () => {
    expect(judged([started(), completed()], [confirm], [confirm])).to.equal('right');
    const contradicted = [started(), completed(), ignored('contradictory')];
    expect(judged(contradicted, [confirm, error], [confirm, error])).to.equal('right');
    expect(judged([started(), expired()], [], [])).to.equal('right');
    expect(judged([started(), expired(), ignored('late')], [late], [late])).to.equal('right');
    expect(judged([started(), expired()], [garbled], [garbled])).to.equal('right');
  });

  it('finds one wrong that ended otherwise, as nobody said, or twice', () => {
    expect(judged([started(), failed()], [confirm], [confirm, error])).to.equal('wrong');
    expect(judged([started(), completed()], [confirm], [])).to.equal('wrong');
    expect(judged([started(), completed()], [late], [late])).to.equal('wrong');
    const ofAnother = completed({ payload: 'confirm transaction {15}' });
    expect(judged([started(), ofAnother], [confirm], [confirm])).to.equal('wrong');
    expect(judged([started(), completed(), expired()], [confirm], [confirm])).to.equal('wrong');
  });

  it('tells what nobody listened to from what was listened to too late', () => {
    expect(judged([started(), expired()], [confirm], [confirm])).to.equal('lost');
    expect(judged([started(), expired()], [confirm], [])).to.equal('lost');
    const kept = [started(), expired(), ignored('late')];
    expect(judged(kept, [confirm], [confirm])).to.equal('overdue');
  });

  it('finds those that have no end', () => {
    expect(judged([started(), ignored('garbled')], [garbled], [garbled])).to.equal('open');
  });

  it('knows whom to expect an answer of', () => {
    expect(isAnswered([garbled, confirm])).to.equal(true);
    for (const plan of [[], [garbled], [late]]) expect(isAnswered(plan)).to.equal(false);
  });
});
