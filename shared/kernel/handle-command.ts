import type { Decider } from './decider.ts';
import { StreamMoved, type EventStore, type Recorded, type Revision } from './event-store.ts';
import type { Contract, Message, MessageOf, Meta, Schemas } from './message.ts';

export const MAX_ATTEMPTS = 3;

/** The state is the one that this very command led to, however much has happened since. */
export type Accepted<State> = {
  readonly outcome: 'accepted';
  readonly state: State;
  readonly revision: Revision;
  readonly position: bigint | undefined;
  /** It had been accepted before; nothing was added this time. */
  readonly replayed: boolean;
};
export type Refused<Refusal> = { readonly outcome: 'refused'; readonly reason: Refusal };
export type Handled<State, Refusal> = Accepted<State> | Refused<Refusal>;

export type Asked = {
  readonly meta: Meta;
  /** Whether the stream may be as the asker last saw it; without it, whatever there is will do. */
  readonly seen?: ((revision: bigint) => boolean) | undefined;
  /** The caller named the request, and may send it again. */
  readonly keyed: boolean;
};

export type CommandHandler<State, Command, Refusal> = (
  id: string,
  command: Command,
  asked: Asked,
  /** What has to be had before anything is written; a refusal without it. */
  secure?: () => Promise<Refusal | undefined>,
) => Promise<Handled<State, Refusal>>;

/** The asker has not seen what happened last. */
export class Outdated extends Error {
  override readonly name = 'Outdated';
}

/** The same idempotency key, and something else in the body. */
export class KeyReused extends Error {
  override readonly name = 'KeyReused';
}

/** A stream, and what a decider makes of it. */
export type Loaded<State> = {
  readonly history: readonly Recorded[];
  readonly revision: Revision;
  readonly state: State;
};

/** What came of this very command before, if it is a repeat. The log itself remembers. */
export const before = <State, Event extends Message>(
  { history }: Loaded<State>,
  { initialState, evolve }: Pick<Decider<State, never, Event, never>, 'initialState' | 'evolve'>,
  { commandId, fingerprint }: Meta,
): Accepted<State> | undefined => {
  const index = history.findLastIndex((event) => event.meta.commandId === commandId);
  const earlier = history[index];
  if (!earlier) return undefined;
  if (earlier.meta.fingerprint !== fingerprint) throw new KeyReused(commandId);
  return {
    outcome: 'accepted',
    state: (history.slice(0, index + 1) as unknown as Event[]).reduce(evolve, initialState),
    revision: earlier.revision,
    position: earlier.position,
    replayed: true,
  };
};

/** Loading, deciding and appending, bound to one kind of stream. */
export const streamsOf = <S extends Schemas, State, Command, Refusal>(
  eventStore: EventStore,
  category: string,
  contract: Contract<S>,
  decider: Decider<State, Command, MessageOf<S>, Refusal>,
) => {
  const { initialState, decide, evolve } = decider;
  const nameOf = (id: string) => `${category}-${id}`;

  return {
    nameOf,
    empty: { history: [], revision: 'no-stream', state: initialState } as Loaded<State>,

    load: async (id: string): Promise<Loaded<State>> => {
      const { events, revision } = await eventStore.read(nameOf(id), contract);
      return { history: events, revision, state: events.reduce(evolve, initialState) };
    },

    before: (loaded: Loaded<State>, meta: Meta) =>
      before<State, MessageOf<S>>(loaded, { initialState, evolve }, meta),

    decide: (command: Command, { state }: Loaded<State>) => decide(command, state),

    append: async (
      id: string,
      { history, revision, state }: Loaded<State>,
      events: readonly MessageOf<S>[],
      meta: Meta,
    ): Promise<Accepted<State>> => {
      const done = { outcome: 'accepted', replayed: false } as const;
      if (events.length === 0)
        return { ...done, state, revision, position: history.at(-1)?.position };
      const options = { expected: revision, meta };
      const at = await eventStore.append(nameOf(id), contract, events, options);
      return { ...done, ...at, state: events.reduce(evolve, state) };
    },
  };
};

/** Tries again, a few times, when someone else wrote to the stream in between. */
export const unlessMoved = async <T>(attempt: (nth: number) => Promise<T>): Promise<T> => {
  for (let nth = 1; ; nth++)
    try {
      return await attempt(nth);
    } catch (error) {
      if (!(error instanceof StreamMoved) || nth === MAX_ATTEMPTS) throw error;
    }
};

const lackingFor = async <Refusal>(
  events: readonly unknown[],
  secure: (() => Promise<Refusal | undefined>) | undefined,
): Promise<Refusal | undefined> => (events.length === 0 ? undefined : secure?.());

/**
 * Load, decide, append; decide afresh when someone else wrote to the stream in between.
 * `fresh` promises that nobody can have used the id before: the first attempt need not look.
 * @throws {KeyReused | Outdated | StreamMoved}
 */
export const commandHandler = <S extends Schemas, State, Command extends Message, Refusal>(
  eventStore: EventStore,
  category: string,
  contract: Contract<S>,
  decider: Decider<State, Command, MessageOf<S>, Refusal>,
  { fresh = false } = {},
): CommandHandler<State, Command, Refusal> => {
  const streams = streamsOf(eventStore, category, contract, decider);

  return (id, command, { meta, seen, keyed }, secure) =>
    unlessMoved(async (nth) => {
      const unused = fresh && !keyed && nth === 1;
      const loaded = unused ? streams.empty : await streams.load(id);
      const repeated = streams.before(loaded, meta);
      if (repeated) return repeated;
      const { revision } = loaded;
      if (seen && revision !== 'no-stream' && !seen(revision)) throw new Outdated(id);

      const decision = streams.decide(command, loaded);
      if (decision.outcome === 'refused') return decision;
      const lacking = await lackingFor(decision.events, secure);
      if (lacking !== undefined) return { outcome: 'refused', reason: lacking };
      return streams.append(id, loaded, decision.events, meta);
    });
};
