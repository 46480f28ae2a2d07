import { expect } from 'chai';
import { inPages } from './in-pages.ts';

const upTo = (most: number) => (after: number | undefined, limit: number) => {
  const from = (after ?? 0) + 1;
  return Promise.resolve(
    Array.from({ length: Math.min(limit, most - from + 1) }, (_, n) => from + n),
  );
};

describe('A list without an end, in pages', () => {
  for (const [most, pages] of [
    [0, []],
    [2, [[1, 2]]],
    [3, [[1, 2, 3]]],
    [4, [[1, 2, 3], [4]]],
  ] as const)
    it(`of ${most} is read whole`, async () => {
      const read: (readonly number[])[] = [];
      for await (const page of inPages(3, upTo(most))) read.push(page);
      expect(read).to.deep.equal(pages);
    });
});
