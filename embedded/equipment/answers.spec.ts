import { expect } from 'chai';
import { answersTo, verdictOf, type Mode } from './answers.ts';

const all = Array.from({ length: 2_000 }, (_, nth) => String(nth + 1));
const answers = (mode: Mode, transaction = '14') =>
  answersTo(transaction, { mode, seed: 'a seed', lateMs: 45_000 });

describe('Simulated equipment', () => {
  it('confirms six of ten at random', () => {
    const confirmed = all.filter((one) => verdictOf('random', 'a seed', one) === 'confirm');
    expect(confirmed.length / all.length).to.be.within(0.57, 0.63);
  });

  it('says the same again under the same seed, and something else under another', () => {
    const under = (seed: string) => all.map((one) => verdictOf('random', seed, one));
    expect(under('a')).to.deep.equal(under('a'));
    expect(under('a')).not.to.deep.equal(under('b'));
  });

  it('does what it is told to do', () => {
    const said = (mode: Mode) => answers(mode).map(({ says }) => says);
    expect(said('confirm')).to.deep.equal(['confirm']);
    expect(said('error')).to.deep.equal(['error']);
    expect(said('silent')).to.deep.equal([]);
    expect(answers('late').map(({ afterMs }) => afterMs)).to.deep.equal([45_000]);
    const [one, two] = said('doubled');
    expect(one).to.equal(two);
    expect(new Set(said('contradictory'))).to.deep.equal(new Set(['confirm', 'error']));
    expect(said('garbled')[0]).to.equal('garbled');
  });

  it('mixes a little of everything', () => {
    const mixed = all.map((one) => answers('mixed', one));
    const share = (holds: (said: (typeof mixed)[number]) => boolean) =>
      mixed.filter(holds).length / all.length;
    expect(share((said) => said.length === 0)).to.be.within(0.03, 0.07);
    expect(share((said) => said[0]?.afterMs === 45_000)).to.be.within(0.03, 0.07);
    expect(share((said) => said[0]?.says === 'garbled')).to.be.within(0.03, 0.07);
    expect(share((said) => said.length === 1)).to.be.within(0.75, 0.85);
  });
});
