import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import type { SwapEvent } from '#shared/swap/events.ts';
import type { ABroker } from './a-broker.ts';
import { aDevice } from './a-device.ts';
import { aCheckpoint, aGateway, someEquipment, someSwaps, type AGateway } from './a-gateway.ts';

export const typesOf = (events: readonly SwapEvent[]) => events.map(({ type }) => type);

/** For the specs around it: a broker that is there for each of them, and what talks over it. */
export const equipmentStage = (make: () => Promise<ABroker>) => {
  let made: ABroker | undefined;
  const closers: (() => Promise<unknown>)[] = [];
  const broker = () => {
    if (made) return made;
    throw new Error('There is a broker in hooks and specs only, not while they are declared');
  };
  const closing = <T extends { readonly stop: () => Promise<unknown> }>(one: T): T => {
    closers.push(one.stop);
    return one;
  };

  before(async () => {
    made = await make();
  });
  after(() => made?.remove());
  beforeEach(() => broker().start());
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await broker().kill();
  });

  return {
    broker,
    device: async (version?: 4 | 5) => closing(await aDevice(broker().url, version)),
    equipment: (plan: Parameters<typeof someEquipment>[1]) => {
      const { close } = someEquipment(broker().url, plan);
      closers.push(close);
      return { close };
    },
    /** A log of its own, and gateways that share it. */
    stage: () => {
      const eventStore = inMemoryEventStore();
      const checkpoint = aCheckpoint();
      const gateway = async (id = 'gateway-1'): Promise<AGateway> =>
        closing(await aGateway({ url: broker().url, eventStore, checkpoint, id }));
      return { eventStore, gateway, ...someSwaps(eventStore) };
    },
  };
};
