import { customerEvents } from '#shared/customer/events.ts';
import type { FavouriteCommand } from '#shared/favourite/commands.ts';
import { favourite } from '#shared/favourite/decider.ts';
import { favouriteEvents } from '#shared/favourite/events.ts';
import type { AskForProduct, FavouriteIndex, ProductStore } from '#shared/favourite/ports.ts';
import type { CustomerId, FavouriteId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler, streamsOf } from '#shared/kernel/handle-command.ts';
import type { Clock } from '#shared/kernel/message.ts';
import { metaOf, type Effect, type Pending } from '../effect.ts';
import { waitFor } from '../wait-for.ts';
import { CLEAR_FAVOURITES, LIST_FAVOURITE } from './reactions.ts';

/** As many as may ask the partner at a time. */
const AT_ONCE = 5;
const BATCH = 200;
/** The view is rarely more than a moment behind, and the next attempt may be an hour away. */
const LONGEST_WAIT_MS = 20_000;

export type FavouriteDeps = {
  readonly eventStore: EventStore;
  readonly askForProduct: AskForProduct;
  readonly products: ProductStore;
  readonly index: FavouriteIndex;
  readonly clock: Clock;
  readonly patienceMs?: number;
};

const deciding = ({ eventStore, clock }: Pick<FavouriteDeps, 'eventStore' | 'clock'>) => {
  const handle = commandHandler(eventStore, 'favourite', favouriteEvents, favourite);
  return async (
    intent: Pending,
    favouriteId: FavouriteId,
    commandFor: (about: {
      readonly favouriteId: FavouriteId;
      readonly at: ReturnType<Clock>;
    }) => FavouriteCommand,
    step: string,
  ): Promise<void> => {
    const at = clock();
    const asked = { meta: metaOf(intent, at, step), keyed: true };
    await handle(favouriteId, commandFor({ favouriteId, at }), asked);
  };
};

const isRemoved = async (eventStore: EventStore, customerId: CustomerId): Promise<boolean> => {
  const { events } = await eventStore.read(`customer-${customerId}`, customerEvents);
  return events.at(-1)?.type === 'CustomerRemoved';
};

/** Asks the partner whether there is such a product. That it is away is no answer: tried again. */
export const listFavourite = (deps: FavouriteDeps): Effect => {
  const { eventStore, askForProduct, products, clock } = deps;
  const { load } = streamsOf(eventStore, 'favourite', favouriteEvents, favourite);
  const decide = deciding(deps);
  const idIn = ({ data }: Pending) => data['favouriteId'] as FavouriteId;

  return {
    kind: LIST_FAVOURITE,
    atOnce: AT_ONCE,
    carryOut: async (intent, { signal }) => {
      const id = idIn(intent);
      const { state } = await load(id);
      if (state.status !== 'REQUESTED' && state.status !== 'PARKED') return;
      if (await isRemoved(eventStore, state.customerId)) {
        await decide(intent, id, (data) => ({ type: 'ClearFavourite', data }), 'removed');
        return;
      }
      const { productId } = state;
      const answer = await askForProduct(productId, signal);
      switch (answer.outcome) {
        case 'found': {
          const fetchedAt = new Date(clock());
          await products.write({ productId, product: answer.product, available: true, fetchedAt });
          await decide(intent, id, (data) => ({ type: 'ListFavourite', data }), 'listed');
          return;
        }
        case 'unknown':
          await decide(intent, id, (data) => ({ type: 'RefuseFavourite', data }), 'refused');
          return;
        case 'unavailable':
          throw new Error(`The product API gave no answer: ${answer.why}`);
      }
    },
    onParked: (intent, { round }) => {
      const request = Number(intent.data['request']);
      const park = (data: { favouriteId: FavouriteId; at: ReturnType<Clock> }) =>
        ({ type: 'ParkFavourite', data: { ...data, request } }) as const;
      return decide(intent, idIn(intent), park, `parked-${round}`);
    },
  };
};

/** Empties the list of whoever was removed, once the view that is gone by shows all of it. */
export const clearFavourites = (deps: FavouriteDeps): Effect => {
  const { index, patienceMs = LONGEST_WAIT_MS } = deps;
  const decide = deciding(deps);

  return {
    kind: CLEAR_FAVOURITES,
    carryOut: async (intent, { signal }) => {
      const { customerId, position = '0' } = intent.data;
      const reached = () => index.hasReached(BigInt(position));
      await waitFor('the view shows all of the list', reached, { longestMs: patienceMs, signal });
      for (let after: string | undefined; ;) {
        const ids = await index.of(customerId as CustomerId, after, BATCH);
        for (const id of ids)
          await decide(intent, id, (data) => ({ type: 'ClearFavourite', data }), `clear-${id}`);
        if (ids.length < BATCH) return;
        after = ids.at(-1);
      }
    },
  };
};
