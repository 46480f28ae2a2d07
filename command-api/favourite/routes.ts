import { customerEvents } from '#shared/customer/events.ts';
import { Wish, type FavouriteCommand } from '#shared/favourite/commands.ts';
import { favourite, type Favourite, type FavouriteRefusal } from '#shared/favourite/decider.ts';
import { favouriteEvents } from '#shared/favourite/events.ts';
import { favouriteIdOf, productIdOf } from '#shared/favourite/identity.ts';
import { CustomerId, ProductId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { uniqueHandler, type Naming } from '#shared/kernel/handle-unique.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';

const refusals: Refusals<FavouriteRefusal | 'customer-not-found'> = {
  'favourite-already-listed': { status: 409, title: 'This product is in the list already' },
  'favourite-not-found': { status: 404, title: 'No such product in the list' },
  'customer-not-found': { status: 404, title: 'No such customer' },
};

const Requested = closed({
  customerId: CustomerId,
  productId: ProductId,
  status: oneOf(['REQUESTED']),
});

const customerIsKept =
  (eventStore: EventStore) =>
  async (id: CustomerId): Promise<boolean> => {
    const { events } = await eventStore.read(`customer-${id}`, customerEvents);
    return events.length > 0 && events.at(-1)?.type !== 'CustomerRemoved';
  };

const path = '/v1/customers/{id}/favourites';

const addRoute = (eventStore: EventStore): Route => {
  const handle = uniqueHandler(eventStore, 'favourite', favouriteEvents, favourite);
  const isKept = customerIsKept(eventStore);
  return route({
    method: 'post',
    path,
    summary: 'Ask for a product to be put in the list of a customer',
    access: ['customer-app'],
    thing: 'customer',
    params: { id: CustomerId },
    body: Wish,
    answers: { 202: Requested },
    refusals,
    handle: async ({ params: { id: customerId }, body, at, asked }) => {
      if (!(await isKept(customerId))) return { outcome: 'refused', reason: 'customer-not-found' };
      const productId = productIdOf(body.productId);
      const favouriteId = favouriteIdOf(customerId, productId);
      const naming: Naming<Favourite, FavouriteCommand> = {
        idOf: () => favouriteId,
        spent: () => false,
        commandFor: () => ({
          type: 'RequestFavourite',
          data: { favouriteId, customerId, productId, at },
        }),
      };
      const handled = await handle(naming, asked());
      const shown = { customerId, productId, status: 'REQUESTED' };
      return answer(handled, () => ({ status: 202, body: shown }));
    },
  });
};

/** Everything an app can do about the list of a customer. */
export const favouriteRoutes = ({ eventStore }: { readonly eventStore: EventStore }): Route[] => {
  const handle = commandHandler(eventStore, 'favourite', favouriteEvents, favourite);
  const isKept = customerIsKept(eventStore);
  return [
    addRoute(eventStore),
    route({
      method: 'delete',
      path: `${path}/{productId}`,
      summary: 'Take a product out of the list of a customer',
      access: ['customer-app'],
      thing: 'favourite',
      params: { id: CustomerId, productId: ProductId },
      answers: { 204: 'empty' },
      refusals,
      handle: async ({ params, at, asked }) => {
        if (!(await isKept(params.id))) return { outcome: 'refused', reason: 'customer-not-found' };
        const favouriteId = favouriteIdOf(params.id, productIdOf(params.productId));
        const data = { favouriteId, at };
        const handled = await handle(favouriteId, { type: 'RemoveFavourite', data }, asked());
        return answer(handled, () => ({ status: 204 }));
      },
    }),
  ];
};
