import type { StationId, SwapId } from '#shared/ids.ts';
import { BEGINNING, type EventStore, type Recorded } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { systemClock, type Instant } from '#shared/kernel/message.ts';
import { logger } from '#shared/platform/log.ts';
import { swap } from '#shared/swap/decider.ts';
import { swapEvents, type SwapEvent } from '#shared/swap/events.ts';
import { swapIdOf } from '#shared/swap/number.ts';
import { meta } from '#shared/testing/recorded.ts';
import { runGateway } from '../../adapters/mqtt/gateway.ts';
import type { Checkpoint } from '../../adapters/mqtt/publishing.ts';
import { startEquipment, type Equipment } from '../../embedded/equipment/simulator.ts';
import { waitUntil } from './wait-until.ts';

export const aStation = '5d0b2a52-3c5e-5a0e-9d0a-000000000501' as StationId;
export const topics = {
  request: 'EQUIPMENT/VALIDATION',
  reply: 'EQUIPMENT/VALIDATION/RESPONSE',
  stations: 'EQUIPMENT/STATIONS',
  gateways: 'EQUIPMENT/GATEWAYS',
};
const log = logger('gateway', 'silent');

/** Kept like in a table: whoever is not where it stands is too late. */
export const aCheckpoint = (): Checkpoint => {
  let position = BEGINNING;
  return {
    read: () => Promise.resolve(position),
    move: (from, to) => {
      if (from !== position) return Promise.reject(new Error('Overtaken'));
      position = to;
      return Promise.resolve();
    },
  };
};

type Options = {
  readonly url: string;
  readonly eventStore: EventStore;
  readonly checkpoint: Checkpoint;
  readonly id?: string;
  readonly timeoutMs?: number;
};

/** A gateway that has found the broker; `stop` ends it in order. */
export const aGateway = async (options: Options) => {
  const { id = 'gateway-1', timeoutMs = 30_000, ...deps } = options;
  const stopping = new AbortController();
  const gateway = runGateway(
    {
      ...deps,
      id,
      timeoutMs,
      topics,
      clock: systemClock,
      log,
      solely: (work) => work(stopping.signal),
    },
    stopping.signal,
  );
  gateway.stopped.catch(() => undefined);
  await waitUntil('the gateway is connected', gateway.isConnected);
  return {
    version: gateway.version,
    isConnected: gateway.isConnected,
    stop: async () => {
      stopping.abort();
      await gateway.stopped.catch(() => undefined);
    },
  };
};
export type AGateway = Awaited<ReturnType<typeof aGateway>>;

export const someEquipment = (
  url: string,
  { mode = 'random', seed = 'a seed', lateMs = 500, stations = [] }: Partial<Equipment> = {},
) => startEquipment({ url, mode, seed, lateMs, stations, topics, log });

/** Starts transactions by their numbers, and says what became of them, from the log alone. */
export const someSwaps = (eventStore: EventStore) => {
  const handle = commandHandler(eventStore, 'swap', swapEvents, swap);
  const read = async (number: number) =>
    (await eventStore.read(`swap-${swapIdOf(number)}`, swapEvents)).events;
  const stateOf = async (number: number) =>
    (await read(number)).reduce(swap.evolve, swap.initialState);

  return {
    start: async (number: number, protocol: 'text' | 'json' = 'text', stationId = aStation) => {
      const swapId = swapIdOf(number);
      const data = { swapId, number, stationId, protocol, at: systemClock() };
      const by = { ...meta, commandId: `start-${number}`, correlationId: `asked-${number}` };
      await handle(swapId, { type: 'StartSwap', data }, { meta: by, keyed: false });
    },
    read,
    statusOf: async (number: number) => (await stateOf(number)).status,
    has: async (number: number, ...types: SwapEvent['type'][]) => {
      const found = new Set((await read(number)).map(({ type }) => type));
      return types.every((type) => found.has(type));
    },
    isOver: async (number: number) => (await stateOf(number)).status !== 'PENDING',
    /** Ends what was not answered in time, as the timer of the projections does. */
    expireDue: async (numbers: readonly number[], now: Instant) => {
      for (const number of numbers) {
        const due = (await read(number)).find(
          (event): event is Recorded<SwapEvent> & { type: 'SwapPublished' } =>
            event.type === 'SwapPublished',
        );
        if (!due || due.data.answerBy > now) continue;
        const swapId: SwapId = swapIdOf(number);
        const by = { ...meta, commandId: `expire-${number}` };
        const command = { type: 'ExpireSwap', data: { swapId, at: now } } as const;
        await handle(swapId, command, { meta: by, keyed: true });
      }
    },
  };
};
