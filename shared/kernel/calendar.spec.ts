import { expect } from 'chai';
import { Day, dayOf, Month, monthAfter, monthOf } from './calendar.ts';
import type { Instant } from './message.ts';
import { reader, Unreadable } from './schema.ts';

const readDay = reader(Day);
const readMonth = reader(Month);
const at = (instant: string) => dayOf(instant as Instant);

describe('A day', () => {
  it('is the one that it is in São Paulo', () => {
    expect(at('2026-02-01T02:59:59.999Z')).to.equal('2026-01-31');
    expect(at('2026-02-01T03:00:00.000Z')).to.equal('2026-02-01');
  });

  it('begins an hour earlier in a summer that still had summer time', () => {
    expect(at('2019-01-01T01:59:59.999Z')).to.equal('2018-12-31');
    expect(at('2019-01-01T02:00:00.000Z')).to.equal('2019-01-01');
  });

  it('is one that there is', () => {
    expect(readDay('2024-02-29')).to.equal('2024-02-29');
    for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '01/02/2026', '2026-01-01T00:00'])
      expect(() => readDay(text), text).to.throw(Unreadable);
  });
});

describe('A month', () => {
  it('is that of a day', () => {
    expect(monthOf('2026-01-31' as Day)).to.equal('2026-01');
  });

  it('is followed by the next one', () => {
    expect(monthAfter('2026-01' as Month)).to.equal('2026-02');
    expect(monthAfter('2026-09' as Month)).to.equal('2026-10');
    expect(monthAfter('2026-12' as Month)).to.equal('2027-01');
  });

  it('is one that there is', () => {
    expect(readMonth('2026-12')).to.equal('2026-12');
    for (const text of ['2026-00', '2026-13', '2026-1', '26-01', '2026-01-01'])
      expect(() => readMonth(text), text).to.throw(Unreadable);
  });
});
