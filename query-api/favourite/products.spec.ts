import { expect } from 'chai';
import type { KnownProduct, ProductAnswer } from '#shared/favourite/ports.ts';
import { productCache } from './products.ts';

const HOUR_MS = 3_600_000;
const productOf = (id: string, price = 1) => ({ id, title: id, image: 'i', price, brand: 'b' });

const aCache = () => {
  const stored = new Map<string, KnownProduct>();
  const world = {
    now: 0,
    asked: [] as string[],
    stored,
    answer: (id: string): ProductAnswer => ({ outcome: 'found', product: productOf(id) }),
    hold: Promise.resolve(),
  };
  const make = () =>
    productCache({
      ask: async (id) => {
        world.asked.push(id);
        await world.hold;
        return world.answer(id);
      },
      store: {
        read: (ids) =>
          Promise.resolve(ids.flatMap((id) => [stored.get(id)].filter((one) => one !== undefined))),
        write: (known) => Promise.resolve(void stored.set(known.productId, known)),
      },
      ...{ ttlMs: HOUR_MS, waitMs: 50, now: () => world.now },
      onTrouble: (error) => {
        throw error;
      },
    });
  return { world, make, productsOf: make() };
};
/** What was begun in the background has come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('What is known of products', () => {
  it('is asked for once, however many ask at the same moment', async () => {
    const { world, productsOf } = aCache();
    const answers = await Promise.all(Array.from({ length: 100 }, () => productsOf(['a', 'b'])));
    expect(world.asked).to.deep.equal(['a', 'b']);
    for (const answer of answers)
      expect(answer.get('a')).to.deep.equal({
        ...{ product: productOf('a'), available: true, stale: false },
      });
  });

  it('is kept for an hour, for other processes too, and is then asked for behind what is shown', async () => {
    const { world, productsOf, make } = aCache();
    await productsOf(['a']);
    world.now = HOUR_MS - 1;
    await productsOf(['a']);
    await make()(['a']);
    expect(world.asked).to.deep.equal(['a']);

    world.now = HOUR_MS;
    world.answer = (id) => ({ outcome: 'found', product: productOf(id, 2) });
    expect((await productsOf(['a'])).get('a')).to.deep.include({ stale: true });
    await settled();
    expect((await productsOf(['a'])).get('a')).to.deep.equal({
      ...{ product: productOf('a', 2), available: true, stale: false },
    });
    expect(world.asked).to.deep.equal(['a', 'a']);
  });

  it('is shown, marked as stale, for as long as the partner is away', async () => {
    const { world, productsOf } = aCache();
    await productsOf(['a']);
    world.now = 5 * HOUR_MS;
    world.answer = () => ({ outcome: 'unavailable', why: 'away' });
    for (let nth = 0; nth < 2; nth++) {
      const shown = (await productsOf(['a'])).get('a');
      expect(shown).to.deep.equal({ product: productOf('a'), available: true, stale: true });
      await settled();
    }
  });

  it('stays as it was last seen when the product vanishes, and is not available', async () => {
    const { world, productsOf } = aCache();
    await productsOf(['a']);
    world.now = HOUR_MS;
    world.answer = () => ({ outcome: 'unknown' });
    await productsOf(['a']);
    await settled();
    expect((await productsOf(['a'])).get('a')).to.deep.equal({
      ...{ product: productOf('a'), available: false, stale: false },
    });
  });

  it('is not waited for longer than that, and nothing is said of it then', async () => {
    const { world, productsOf } = aCache();
    let release: () => void = () => undefined;
    world.hold = new Promise((resolve) => {
      release = resolve;
    });
    const shown = (await productsOf(['a'])).get('a');
    expect(shown).to.deep.equal({ product: null, available: true, stale: true });
    release();
    await settled();
    await settled();
    expect((await productsOf(['a'])).get('a')).to.deep.include({ product: productOf('a') });
    expect(world.asked).to.deep.equal(['a']);
  });
});
