import { StationId, SwapId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { uniqueHandler, type Naming } from '#shared/kernel/handle-unique.ts';
import type { Instant, Meta } from '#shared/kernel/message.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';
import type { SwapCommand } from '#shared/swap/commands.ts';
import { swap, type Swap, type SwapRefusal } from '#shared/swap/decider.ts';
import { swapEvents } from '#shared/swap/events.ts';
import { swapIdOf } from '#shared/swap/number.ts';
import type { Occupancies } from './occupancy.ts';

/** What has to be known of a station to start something there. */
type StationNow =
  | { readonly status: 'none' | 'removed' }
  | {
      readonly status: 'kept';
      readonly batteryAvailable: boolean;
      readonly protocol: 'text' | 'json';
    };

export type SwapDeps = {
  readonly eventStore: EventStore;
  readonly stationBy: (id: StationId) => Promise<StationNow>;
  readonly admit: Occupancies['admit'];
  readonly nextNumber: () => Promise<number>;
};

const refusals: Refusals<SwapRefusal> = {
  'station-not-found': { status: 404, title: 'No such station' },
  'no-battery-available': { status: 409, title: 'There is no battery at this station' },
  'transaction-not-found': { status: 404, title: 'No such transaction' },
  'transaction-of-another-station': { status: 404, title: 'No such transaction' },
  'transaction-already-started': { status: 409, title: 'This transaction was started already' },
};

const Started = closed({
  id: SwapId,
  number: Type.Integer(),
  status: oneOf(['PENDING']),
  stationId: StationId,
});

type Starting = Naming<Swap, SwapCommand, SwapRefusal>;

/** Refused last: a repeat is answered as it was, whatever has become of the station since. */
const startingAt =
  ({ stationBy, admit, nextNumber }: SwapDeps) =>
  async (stationId: StationId, at: Instant, meta: Meta): Promise<Starting> => {
    const [station, number] = await Promise.all([stationBy(stationId), nextNumber()]);
    const swapId = swapIdOf(number);
    const protocol = station.status === 'kept' ? station.protocol : 'text';
    const data = { swapId, number, stationId, protocol, at };
    return {
      idOf: () => swapId,
      spent: () => false,
      commandFor: () => ({ type: 'StartSwap', data }),
      secure: async () => {
        if (station.status !== 'kept') return 'station-not-found';
        if (!station.batteryAvailable) return 'no-battery-available';
        return (await admit(stationId, swapId, meta)) ? undefined : 'station-not-found';
      },
    };
  };

const startedAs = (id: string) => (state: Swap) => {
  if (state.status === 'none') throw new Error('An accepted start left no transaction');
  const { number, status, stationId } = state;
  return {
    status: 201,
    body: { id, number, status, stationId },
    location: `/v1/transactions/${id}`,
  };
};

/** Starting a transaction; what becomes of it is up to the equipment. */
export const swapRoutes = (deps: SwapDeps): Route[] => {
  const start = uniqueHandler<(typeof swapEvents)['schemas'], Swap, SwapCommand, SwapRefusal>(
    deps.eventStore,
    'swap',
    swapEvents,
    swap,
  );
  const starting = startingAt(deps);

  return [
    route({
      method: 'post',
      path: '/v1/stations/{id}/transactions',
      summary: 'Start a transaction at a station',
      thing: 'station',
      access: ['operator', 'customer-app'],
      params: { id: StationId },
      answers: { 201: Started },
      refusals,
      handle: async ({ params, at, asked }) => {
        const command = asked();
        const naming = await starting(params.id, at, command.meta);
        const handled = await start(naming, command);
        return answer(handled, startedAs(handled.id));
      },
    }),
  ];
};
