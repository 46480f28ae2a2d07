import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { countedAtOnce } from '../test/support/counted-at-once.ts';
import { givingWay, pressureOf } from './giving-way.ts';

describe('Pressure', () => {
  it('is high for a second after a step that took many events', () => {
    let now = 5;
    const pressure = pressureOf(() => now);
    expect(pressure.isHigh()).to.equal(false);
    pressure.stepped(64);
    expect(pressure.isHigh()).to.equal(true);
    now += 999;
    expect(pressure.isHigh()).to.equal(true);
    now += 1;
    expect(pressure.isHigh()).to.equal(false);
  });

  it('is not high while steps take few', () => {
    const pressure = pressureOf(() => 0);
    for (const events of [0, 1, 63]) pressure.stepped(events);
    expect(pressure.isHigh()).to.equal(false);
  });
});

describe('What gives way', () => {
  const never = new AbortController().signal;

  const stage = (pressure: { high: boolean }) => {
    const inTurn = givingWay({ isHigh: () => pressure.high });
    const { work: counted, most } = countedAtOnce(5);
    const work = async () => {
      await counted();
      return 'done';
    };
    return { inTurn, work, most };
  };

  it('is done one after the other while there is pressure', async () => {
    const { inTurn, work, most } = stage({ high: true });
    const all = await Promise.all(Array.from({ length: 4 }, () => inTurn(work, never)));
    expect(all).to.deep.equal(['done', 'done', 'done', 'done']);
    expect(most()).to.equal(1);
  });

  it('is done all at once when there is none', async () => {
    const { inTurn, work, most } = stage({ high: false });
    await Promise.all(Array.from({ length: 4 }, () => inTurn(work, never)));
    expect(most()).to.equal(4);
  });

  it('goes on when the pressure ends, whoever is still at it', async () => {
    const pressure = { high: true };
    const { inTurn, work } = stage(pressure);
    void inTurn(() => new Promise(() => undefined), never);
    const second = inTurn(work, never);
    await nextTurn();
    pressure.high = false;
    expect(await second).to.equal('done');
  });

  it('waits no longer once it is told to stop', async () => {
    const { inTurn, work } = stage({ high: true });
    const stopping = new AbortController();
    void inTurn(() => new Promise(() => undefined), never);
    const second = inTurn(work, stopping.signal);
    await nextTurn();
    stopping.abort();
    expect(await second).to.equal('done');
  });

  it('lets the next one in after one that failed', async () => {
    const { inTurn, work } = stage({ high: true });
    const failed = inTurn(() => Promise.reject(new Error('no')), never).catch(() => 'failed');
    expect(await Promise.all([failed, inTurn(work, never)])).to.deep.equal(['failed', 'done']);
  });
});
