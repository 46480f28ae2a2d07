import { expect } from 'chai';
import { completed, expired, failed, ignored, noon, started } from '#shared/swap/examples.ts';
import type { Sent } from '../support/a-witness.ts';
import { judged } from '../support/equipment-oracle.ts';

const confirm: Sent = { says: 'confirm', payload: 'confirm transaction {14}' };
const error: Sent = { says: 'error', payload: 'error transaction {14}' };
const inTime: Sent = { ...confirm, takenAt: Date.parse(noon) - 5_000 };
const late: Sent = { ...confirm, takenAt: Date.parse(noon) + 5_000 };

describe('Whoever judges the transactions', () => {
  it('finds one right that ended as its equipment said', () => {
    expect(judged([started(), completed()], [confirm])).to.equal('right');
    expect(judged([started(), completed(), ignored('contradictory')], [confirm, error])).to.equal(
      'right',
    );
    expect(judged([started(), expired()], [])).to.equal('right');
    expect(judged([started(), expired(), ignored('late')], [late])).to.equal('right');
  });

  it('finds one wrong that ended as nobody said, or twice', () => {
    expect(judged([started(), failed()], [confirm])).to.equal('wrong');
    expect(judged([started(), completed()], [])).to.equal('wrong');
    expect(
      judged([started(), completed({ payload: 'confirm transaction {15}' })], [confirm]),
    ).to.equal('wrong');
    expect(judged([started(), completed(), expired()], [confirm])).to.equal('wrong');
  });

  it('finds those that have no end, and those that nobody listened to', () => {
    expect(judged([started(), ignored('garbled')], [])).to.equal('open');
    expect(judged([started(), expired()], [inTime])).to.equal('lost');
    expect(judged([started(), expired()], [{ ...inTime, says: 'garbled' }])).to.equal('right');
  });
});
