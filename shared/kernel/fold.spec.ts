import { expect } from 'chai';
import { broken, given, made, thingEvents } from '#shared/testing/a-thing.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { stoodAt, type Fold } from './fold.ts';
import type { Instant } from './message.ts';

type Row = { readonly size: number; readonly given: number };

const fold: Fold<(typeof thingEvents)['schemas'], Row> = {
  streamsOf: (id) => [`thing-${id}`, `thing-${id}apart`],
  events: thingEvents,
  evolve: (row, { type, data }) => {
    switch (type) {
      case 'ThingMade':
        return { size: data.size, given: 0 };
      case 'ThingGiven':
        return row && { ...row, given: row.given + 1 };
      case 'ThingBroken':
        return undefined;
    }
  },
};

/** Positions 10 to 13; an event each minute from noon on. */
const history = recorded([made({ size: 3 }), given(), given(), broken()], {
  stream: 'thing-1',
  from: 10,
}).map((event, nth) => ({
  ...event,
  meta: { ...event.meta, at: `2026-01-15T12:0${nth}:00.000Z` as Instant },
}));

describe('How a thing stood', () => {
  const asked: string[] = [];
  const stood = stoodAt((stream) => {
    asked.push(stream);
    const theirs = history.filter(
      ({ type }) => (type === 'ThingGiven') === stream.endsWith('apart'),
    );
    return Promise.resolve(theirs as never);
  });
  const at = (instant: string) => stood(fold, '1', { at: instant as Instant });
  const upTo = (position: bigint) => stood(fold, '1', { position });

  it('at a position is what all events up to there, and it, have made of it', async () => {
    expect(await upTo(11n)).to.deep.equal({
      row: { size: 3, given: 1 },
      position: 11n,
      at: '2026-01-15T12:01:00.000Z',
    });
    expect((await upTo(10n))?.row).to.deep.equal({ size: 3, given: 0 });
    expect(new Set(asked)).to.deep.equal(new Set(['thing-1', 'thing-1apart']));
  });

  it('at an instant likewise, in whatever zone that is said', async () => {
    expect((await at('2026-01-15T12:02:59.999Z'))?.position).to.equal(12n);
    expect((await at('2026-01-15T09:02:00-03:00'))?.position).to.equal(12n);
    expect((await at('2026-01-15T12:01:59.999Z'))?.row.given).to.equal(1);
  });

  it('is nothing before it was there, and after it was gone', async () => {
    expect(await upTo(9n)).to.equal(undefined);
    expect(await at('2026-01-15T11:59:59.999Z')).to.equal(undefined);
    expect(await upTo(13n)).to.equal(undefined);
    expect(await at('2027-01-01T00:00:00Z')).to.equal(undefined);
  });

  it('follows the order of the log where a clock was behind', async () => {
    const late = history.map((event, nth) =>
      nth === 1
        ? { ...event, meta: { ...event.meta, at: '2026-01-15T12:30:00Z' as Instant } }
        : event,
    );
    const skewed = stoodAt((stream) =>
      Promise.resolve((stream.endsWith('apart') ? [] : late) as never),
    );
    const found = await skewed(fold, '1', { at: '2026-01-15T12:02:00Z' as Instant });
    expect(found?.position).to.equal(10n);
  });
});
