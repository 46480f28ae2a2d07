import { customerEvents } from '#shared/customer/events.ts';
import { favouriteEvents } from '#shared/favourite/events.ts';
import { favouriteIdOf } from '#shared/favourite/identity.ts';
import type { CustomerId, ProductId } from '#shared/ids.ts';
import { StreamMoved } from '#shared/kernel/event-store.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { systemClock, type Meta } from '#shared/kernel/message.ts';
import { keeping } from '../command-api/customer/keeping.ts';
import type { System } from './system.ts';

const FAVOURITES_EACH = 3;

const demoCustomers = [
  { name: 'Clara Cliente', email: 'clara@example.com' },
  { name: 'Davi Devoto', email: 'davi@example.com' },
  { name: 'Eva Exigente', email: 'eva@example.com' },
];

/** Those that the sandbox sells first; a real partner knows none of them, and they are refused. */
const favouritesOf = (nth: number): readonly ProductId[] =>
  Array.from(
    { length: FAVOURITES_EACH },
    (_, at) => derivedId('sandbox-product', String(nth * FAVOURITES_EACH + at + 1)) as ProductId,
  );

const metaFor = (what: string): Meta => {
  const commandId = derivedId('demo', what);
  return {
    ...{ commandId, causationId: commandId, fingerprint: 'demo', correlationId: 'demo' },
    ...{ actor: { id: 'demo', role: 'system' }, at: systemClock() },
  };
};

/** Unless it was asked for before, whatever has become of it since. */
const ask = async (
  { eventStore }: System,
  customerId: CustomerId,
  productId: ProductId,
): Promise<void> => {
  const favouriteId = favouriteIdOf(customerId, productId);
  const stream = `favourite-${favouriteId}`;
  const meta = metaFor(stream);
  const data = { favouriteId, customerId, productId, request: 1, at: meta.at };
  const options = { expected: 'no-stream', meta } as const;
  try {
    await eventStore.append(
      stream,
      favouriteEvents,
      [{ type: 'FavouriteRequested', data }],
      options,
    );
  } catch (error) {
    if (!(error instanceof StreamMoved)) throw error;
  }
};

/** How many were made; those that are there, or were removed, are left alone. */
export const makeCustomers = async (system: System): Promise<number> => {
  const { eventStore, hash, destroyKey } = system;
  const { register } = keeping({ eventStore, hash, destroyKey });
  let made = 0;
  for (const [nth, customer] of demoCustomers.entries()) {
    const meta = metaFor(`customer ${nth}`);
    const id = derivedId('customer', meta.commandId) as CustomerId;
    const { events } = await eventStore.read(`customer-${id}`, customerEvents);
    if (events.length > 0) continue;
    // Is the e-mail somebody else's by now, that one is left alone too.
    const { handled } = await register(customer, { meta, keyed: true });
    if (handled.outcome === 'refused') continue;
    for (const productId of favouritesOf(nth)) await ask(system, id, productId);
    made += 1;
  }
  return made;
};
