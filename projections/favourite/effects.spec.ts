import { expect } from 'chai';
import { customerEvents } from '#shared/customer/events.ts';
import { registered, removed as customerRemoved } from '#shared/customer/examples.ts';
import { favouriteEvents } from '#shared/favourite/events.ts';
import { aCustomer, aFavourite, aProduct, happened, noon } from '#shared/favourite/examples.ts';
import type { KnownProduct, ProductAnswer } from '#shared/favourite/ports.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import type { Pending } from '../effect.ts';
import { clearFavourites, listFavourite } from './effects.ts';

const stream = `favourite-${aFavourite}`;
const product = { id: aProduct, title: 'Cadeira', image: 'http://x/y.jpg', price: 9.5, brand: 'B' };
const intent: Pending = {
  ...{ id: '5d0b2a52-3c5e-5a0e-9d0a-000000000901', kind: 'spec', stream, correlationId: 'c' },
  ...{ data: { favouriteId: aFavourite, request: '1' }, eventId: 'e' },
};
const clearing: Pending = {
  ...{ ...intent, id: '5d0b2a52-3c5e-5a0e-9d0a-000000000902' },
  data: { customerId: aCustomer, position: '7' },
};
const attempt = { attempt: 1, signal: new AbortController().signal, idempotencyKey: 'k' };
const givenUp = { attempts: 3, error: 'away', round: 0, at: noon };

const aWorld = async (
  answer: ProductAnswer,
  { reached = 7n, history = ['FavouriteRequested'] as Parameters<typeof happened>[0][] } = {},
) => {
  const eventStore = inMemoryEventStore();
  const kept: KnownProduct[] = [];
  let calls = 0;
  await eventStore.append(
    stream,
    favouriteEvents,
    history.map((type) => happened(type)),
    {
      ...{ expected: 'no-stream', meta },
    },
  );
  const deps = {
    ...{ eventStore, clock: () => noon },
    askForProduct: () => {
      calls += 1;
      return Promise.resolve(answer);
    },
    products: {
      read: () => Promise.resolve([]),
      write: (known: KnownProduct) => Promise.resolve(void kept.push(known)),
    },
    index: {
      hasReached: (position: bigint) => Promise.resolve(position <= reached),
      of: () => Promise.resolve([aFavourite]),
    },
  };
  return {
    ...{ deps, kept, effect: listFavourite(deps), calls: () => calls },
    types: async () => {
      const { events } = await eventStore.read(stream, favouriteEvents);
      return events.map(({ type }) => type);
    },
    removeCustomer: () =>
      eventStore.append(
        `customer-${aCustomer}`,
        customerEvents,
        [registered(), customerRemoved()],
        { expected: 'no-stream', meta },
      ),
  };
};

describe('Listing a favourite', () => {
  it('happens when the partner knows the product, which is kept', async () => {
    const { effect, types, kept, calls } = await aWorld({ outcome: 'found', product });
    await effect.carryOut(intent, attempt);
    await effect.carryOut(intent, attempt);
    expect(await types()).to.deep.equal(['FavouriteRequested', 'FavouriteListed']);
    const known = { productId: aProduct, product, available: true, fetchedAt: new Date(noon) };
    expect(kept).to.deep.equal([known]);
    expect(calls()).to.equal(1);
  });

  it('is refused when the partner knows no such product', async () => {
    const { effect, types } = await aWorld({ outcome: 'unknown' });
    await effect.carryOut(intent, attempt);
    expect(await types()).to.deep.equal(['FavouriteRequested', 'FavouriteRefused']);
  });

  it('is tried again, and decides nothing, while the partner is away', async () => {
    const { effect, types } = await aWorld({ outcome: 'unavailable', why: 'HTTP 503' });
    const failed = await effect.carryOut(intent, attempt).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error).with.property('message').that.includes('HTTP 503');
    expect(await types()).to.deep.equal(['FavouriteRequested']);
  });

  it('is parked after the last attempt, and may be carried out afterwards', async () => {
    const { effect, types } = await aWorld({ outcome: 'found', product });
    await effect.onParked?.(intent, givenUp);
    await effect.onParked?.(intent, givenUp);
    expect(await types()).to.deep.equal(['FavouriteRequested', 'FavouriteParked']);
    await effect.carryOut(intent, attempt);
    expect((await types()).at(-1)).to.equal('FavouriteListed');
  });

  it('does not happen to what was removed, and nobody is asked', async () => {
    const history = ['FavouriteRequested', 'FavouriteRemoved'] as const;
    const world = await aWorld({ outcome: 'found', product }, { history: [...history] });
    await world.effect.carryOut(intent, attempt);
    expect(await world.types()).to.deep.equal(history);
    expect(world.calls()).to.equal(0);
  });

  it('does not happen in the list of a customer who was removed', async () => {
    const { effect, types, calls, removeCustomer } = await aWorld({ outcome: 'found', product });
    await removeCustomer();
    await effect.carryOut(intent, attempt);
    expect(await types()).to.deep.equal(['FavouriteRequested', 'FavouriteCleared']);
    expect(calls()).to.equal(0);
  });
});

describe('Clearing the list of a removed customer', () => {
  it('takes out whatever there is, once', async () => {
    const history = ['FavouriteRequested', 'FavouriteRefused'] as const;
    const { deps, types } = await aWorld({ outcome: 'unknown' }, { history: [...history] });
    await clearFavourites(deps).carryOut(clearing, attempt);
    await clearFavourites(deps).carryOut(clearing, attempt);
    expect(await types()).to.deep.equal([...history, 'FavouriteCleared']);
  });

  it('waits until the view shows the whole list, in the same attempt', async () => {
    const { deps, types } = await aWorld({ outcome: 'unknown' });
    let looks = 0;
    const hasReached = () => Promise.resolve(++looks > 1);
    const index = { ...deps.index, hasReached };
    await clearFavourites({ ...deps, index }).carryOut(clearing, attempt);
    expect(looks).to.equal(2);
    expect(await types()).to.deep.equal(['FavouriteRequested', 'FavouriteCleared']);
  });

  it('comes again when the view does not show it in time, and takes out nothing', async () => {
    const { deps, types } = await aWorld({ outcome: 'unknown' }, { reached: 6n });
    const failed = await clearFavourites({ ...deps, patienceMs: 0 })
      .carryOut(clearing, attempt)
      .catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error);
    expect(await types()).to.deep.equal(['FavouriteRequested']);
  });
});
