import { expect } from 'chai';
import { derivedId } from '#shared/kernel/identity.ts';
import { seenBefore } from './seen-before.ts';

const keys = (kind: string, count: number) =>
  Array.from({ length: count }, (_, nth) => derivedId(kind, String(nth)));

describe('What was seen before', () => {
  it('is never taken for new', () => {
    const seen = seenBefore(2 ** 16);
    const added = keys('added', 5_000);
    for (const key of added) seen.add(key);
    expect(added.every((key) => seen.maybe(key))).to.equal(true);
  });

  it('is seldom something else', () => {
    const seen = seenBefore(2 ** 16);
    for (const key of keys('added', 5_000)) seen.add(key);
    const mistaken = keys('others', 5_000).filter((key) => seen.maybe(key));
    expect(mistaken.length).to.be.within(1, 250);
  });

  it('tells short keys apart that differ in their last character only', () => {
    const seen = seenBefore(2 ** 16);
    for (let nth = 0; nth < 500; nth += 2) seen.add(String(nth));
    const mistaken = Array.from({ length: 250 }, (_, nth) => String(2 * nth + 1)).filter((key) =>
      seen.maybe(key),
    );
    expect(mistaken.length).to.be.lessThan(5);
  });
});
