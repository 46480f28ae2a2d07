import { LRUCache } from 'lru-cache';
import type { SwapId } from '#shared/ids.ts';
import type { EventStore, Recorded } from '#shared/kernel/event-store.ts';
import { streamsOf, unlessMoved, type Loaded } from '#shared/kernel/handle-command.ts';
import type { Actor, Instant, Named } from '#shared/kernel/message.ts';
import { oneAtATime } from '#shared/platform/one-at-a-time.ts';
import type { SwapCommand } from '#shared/swap/commands.ts';
import { swap, type Swap, type SwapRefusal } from '#shared/swap/decider.ts';
import { swapEvents, type SwapEvent } from '#shared/swap/events.ts';

/** Of so many transactions a gateway knows how they stand; of the others it reads it. */
const REMEMBERED = 10_000;

export type Started = Recorded<Named<SwapEvent, 'SwapStarted'>>;

/** What gateways do to a transaction: each carries an identity by which the decider knows a repeat. */
type GatewayCommand = Named<SwapCommand, 'RecordPublication'> | Named<SwapCommand, 'HearReply'>;

type About = {
  /** The same for a command that is handled again. */
  readonly commandId: string;
  readonly actor: Actor;
  readonly at: Instant;
};

type Known = Loaded<Swap> & { readonly start: Pick<Recorded, 'id' | 'meta'> };

export type Swaps = {
  /**
   * Nothing when it was accepted, whether or not it changed anything; or why it was refused.
   * @throws {StreamMoved | StoreAway} when it is not known; handling it again is safe.
   */
  readonly decide: (
    swapId: SwapId,
    command: GatewayCommand,
    about: About,
  ) => Promise<SwapRefusal | undefined>;
  /** As it stands in the log at this moment. */
  readonly stateOf: (swapId: SwapId) => Promise<Swap>;
  /** Saves reading what is just passing by. */
  readonly remember: (started: Started) => void;
};

/**
 * The transactions of one gateway. What it remembers of one may be behind, since others write to
 * it too; the append finds that out, and then it is read and decided anew. Commands to the same
 * transaction are carried out one after the other.
 */
export const swapsIn = (eventStore: EventStore): Swaps => {
  const streams = streamsOf<(typeof swapEvents)['schemas'], Swap, SwapCommand, SwapRefusal>(
    eventStore,
    'swap',
    swapEvents,
    swap,
  );
  const known = new LRUCache<SwapId, Known>({ max: REMEMBERED });
  const inTurn = oneAtATime();

  const load = async (id: SwapId): Promise<Known | undefined> => {
    const { history, revision, state } = await streams.load(id);
    const start = history[0];
    return start && { start, history: [], revision, state };
  };

  const attempt = async (id: SwapId, command: GatewayCommand, about: About) => {
    const loaded = known.get(id) ?? (await load(id));
    if (!loaded) return 'transaction-not-found';
    const decision = streams.decide(command, loaded);
    if (decision.outcome === 'refused') return decision.reason;

    const { start } = loaded;
    // What comes of a command belongs to the request that the transaction was started by.
    const { correlationId, traceparent } = start.meta;
    const trace = traceparent === undefined ? {} : { traceparent };
    const meta = { ...about, fingerprint: '', correlationId, causationId: start.id, ...trace };
    const { state, revision } = await streams.append(id, loaded, decision.events, meta);
    known.set(id, { start, history: [], revision, state });
    return undefined;
  };

  return {
    decide: (id, command, about) =>
      inTurn(id, () =>
        unlessMoved(async () => {
          try {
            return await attempt(id, command, about);
          } catch (error) {
            known.delete(id);
            throw error;
          }
        }),
      ),
    stateOf: async (id) => (await streams.load(id)).state,
    remember: (started) => {
      const { swapId } = started.data;
      if (known.has(swapId)) return;
      const state = swap.evolve(swap.initialState, started);
      known.set(swapId, { start: started, history: [], revision: started.revision, state });
    },
  };
};
