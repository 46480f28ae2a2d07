import { expect } from 'chai';
import type { Instant } from '#shared/kernel/message.ts';
import { dayOf, readClock } from './local-time.ts';

const at = (text: string) => {
  const read = readClock(text);
  return read.outcome === 'moment' ? read.at : read.outcome;
};

describe('What a clock in São Paulo showed', () => {
  it('is three hours behind UTC', () => {
    expect(readClock('2026-01-02 00:00:00')).to.deep.equal({
      outcome: 'moment',
      at: '2026-01-02T03:00:00.000Z',
      day: '2026-01-02',
    });
    expect(at('2026-07-31 23:59:59')).to.equal('2026-08-01T02:59:59.000Z');
  });

  it('was two hours behind in the summers that had summer time', () => {
    expect(at('2018-12-24 18:00:00')).to.equal('2018-12-24T20:00:00.000Z');
    expect(at('2019-12-24 18:00:00')).to.equal('2019-12-24T21:00:00.000Z');
  });

  it('leaves out an hour when summer time begins', () => {
    expect(at('2018-11-03 23:59:59')).to.equal('2018-11-04T02:59:59.000Z');
    for (const skipped of ['2018-11-04 00:00:00', '2018-11-04 00:59:59', '1985-11-02 00:30:00'])
      expect(at(skipped), skipped).to.equal('skipped');
    expect(at('2018-11-04 01:00:00')).to.equal('2018-11-04T03:00:00.000Z');
  });

  it('is the first of two where it was shown twice', () => {
    expect(at('2018-02-17 22:59:59')).to.equal('2018-02-18T00:59:59.000Z');
    expect(at('2018-02-17 23:00:00')).to.equal('2018-02-18T01:00:00.000Z');
    expect(at('2018-02-17 23:59:59')).to.equal('2018-02-18T01:59:59.000Z');
    expect(at('2018-02-18 00:00:00')).to.equal('2018-02-18T03:00:00.000Z');
  });

  it('knows leap years', () => {
    expect(at('2024-02-29 12:00:00')).to.equal('2024-02-29T15:00:00.000Z');
    expect(at('2025-02-29 12:00:00')).to.equal('no-time');
  });

  it('is written in one way only', () => {
    const others = [
      ...['', '2026-01-02', '2026-01-02T00:00:00', '2026-01-02 00:00', '2026-01-02 0:00:00'],
      ...[
        '2026-01-02 24:00:00',
        '2026-01-02 00:60:00',
        '2026-01-02 00:00:60',
        '2026-13-01 00:00:00',
      ],
      ...[
        '2026-00-10 00:00:00',
        '2026-01-32 00:00:00',
        '02/01/2026 00:00:00',
        '2026-01-02 00:00:00Z',
      ],
      ...[
        ' 2026-01-02 00:00:00',
        '2026-01-02 00:00:00\n',
        '2026-01-02  00:00:00',
        '+2026-01-02 00:00:00',
      ],
    ];
    for (const text of others) expect(at(text), JSON.stringify(text)).to.equal('no-time');
  });
});

describe('The day in São Paulo', () => {
  it('begins when it is three in UTC', () => {
    expect(dayOf('2026-01-02T02:59:59.999Z' as Instant)).to.equal('2026-01-01');
    expect(dayOf('2026-01-02T03:00:00.000Z' as Instant)).to.equal('2026-01-02');
  });
});
