import type { SwapId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { streamsOf, unlessMoved } from '#shared/kernel/handle-command.ts';
import type { Actor, Instant } from '#shared/kernel/message.ts';
import type { SwapCommand } from '#shared/swap/commands.ts';
import { swap, type Swap, type SwapRefusal } from '#shared/swap/decider.ts';
import { swapEvents } from '#shared/swap/events.ts';

type About = {
  /** The same for a command that is handled again. */
  readonly commandId: string;
  readonly actor: Actor;
  readonly at: Instant;
};

/** Nothing when it was accepted, whether or not it changed anything; or why it was refused. */
export type DecideOnSwap = (
  swapId: SwapId,
  command: SwapCommand,
  about: About,
) => Promise<SwapRefusal | undefined>;

/**
 * What comes of a command belongs to the request that the transaction was started by.
 * @throws {StreamMoved | StoreAway} when it is not known; handling it again is safe.
 */
export const decidingOnSwaps = (
  eventStore: EventStore,
): { readonly decide: DecideOnSwap; readonly stateOf: (id: SwapId) => Promise<Swap> } => {
  const streams = streamsOf<(typeof swapEvents)['schemas'], Swap, SwapCommand, SwapRefusal>(
    eventStore,
    'swap',
    swapEvents,
    swap,
  );

  return {
    stateOf: async (id) => (await streams.load(id)).state,
    decide: (id, command, about) =>
      unlessMoved(async () => {
        const loaded = await streams.load(id);
        const start = loaded.history[0];
        if (!start) return 'transaction-not-found';
        const { correlationId, traceparent } = start.meta;
        const trace = traceparent === undefined ? {} : { traceparent };
        const meta = { ...about, fingerprint: '', correlationId, causationId: start.id, ...trace };
        if (streams.before(loaded, meta)) return undefined;

        const decision = streams.decide(command, loaded);
        if (decision.outcome === 'refused') return decision.reason;
        await streams.append(id, loaded, decision.events, meta);
        return undefined;
      }),
  };
};
