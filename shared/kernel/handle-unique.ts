import type { Decider } from './decider.ts';
import type { EventStore, Revision } from './event-store.ts';
import {
  streamsOf,
  unlessMoved,
  type Accepted,
  type Asked,
  type Handled,
  type Loaded,
} from './handle-command.ts';
import { contract, type MessageOf, type Meta, type Schemas } from './message.ts';
import { Type } from './type.ts';

/**
 * How long a claim that led to nothing yet is left to whoever made it: longer than the longest
 * append takes, since until then it may still come to something.
 */
const GRACE_MS = 10_000;
const POLL_MS = 50;

/**
 * Which thing a keyed request was about. Needed only where a stream is named after what the
 * request says, not after its key: the repeat with another body would look in another stream.
 */
export const keyClaimEvents = contract('request', {
  IdempotencyKeyClaimed: Type.Object({ id: Type.String(), category: Type.String() }),
});

/** A thing whose stream is named after its content, so that there cannot be two of it. */
export type Naming<State, Command, Refusal = never> = {
  /** The id of the nth thing with this content, from 0. */
  readonly idOf: (nth: number) => string;
  readonly commandFor: (id: string) => Command;
  /** Makes room for the next one with the same content. Once so, always so. */
  readonly spent: (state: State) => boolean;
  /** What has to be had before it is written, once it has been decided; a refusal without it. */
  readonly secure?: () => Promise<Refusal | undefined>;
};

export type UniqueHandler<State, Command, Refusal> = (
  naming: Naming<State, Command, Refusal>,
  asked: Asked,
) => Promise<Handled<State, Refusal> & { readonly id: string }>;

type Candidate<State> = { readonly id: string; readonly loaded: Loaded<State> };

/** The first that is not spent: doubling steps, then halving, so that a thousand cost twenty. */
const firstUnspent = async <State>(
  { idOf, spent }: Pick<Naming<State, unknown, unknown>, 'idOf' | 'spent'>,
  load: (id: string) => Promise<Loaded<State>>,
): Promise<Candidate<State>> => {
  const at = async (nth: number) => ({ id: idOf(nth), loaded: await load(idOf(nth)) });
  let low = -1;
  let high = 0;
  let found = await at(high);
  while (spent(found.loaded.state)) {
    low = high;
    high = high * 2 + 1;
    found = await at(high);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const candidate = await at(middle);
    if (spent(candidate.loaded.state)) low = middle;
    else [high, found] = [middle, candidate];
  }
  return found;
};

type Claim = { readonly id: string; readonly fingerprint: string; readonly revision: Revision };

const claims = (eventStore: EventStore, category: string) => ({
  find: async ({ commandId }: Meta): Promise<Claim | undefined> => {
    const { events, revision } = await eventStore.read(`request-${commandId}`, keyClaimEvents);
    const last = events.at(-1);
    return last && { id: last.data.id, fingerprint: last.meta.fingerprint, revision };
  },
  make: (id: string, expected: Revision, meta: Meta) =>
    eventStore.append(
      `request-${meta.commandId}`,
      keyClaimEvents,
      [{ type: 'IdempotencyKeyClaimed', data: { id, category } }],
      { expected, meta },
    ),
});

/**
 * Like a command handler, for things that are made and of which there is one at a time.
 * @throws {KeyReused | StreamMoved}
 */
export const uniqueHandler = <S extends Schemas, State, Command, Refusal>(
  eventStore: EventStore,
  category: string,
  events: Parameters<typeof streamsOf<S, State, Command, Refusal>>[2],
  decider: Decider<State, Command, MessageOf<S>, Refusal>,
  { graceMs = GRACE_MS } = {},
): UniqueHandler<State, Command, Refusal> => {
  const streams = streamsOf(eventStore, category, events, decider);
  const { find, make } = claims(eventStore, category);

  /** What the claimed thing became. Whoever claims for the same body may just go on with it. */
  const outcomeOf = async (claim: Claim, meta: Meta): Promise<Accepted<State> | undefined> => {
    for (let waitedMs = 0; ; waitedMs += POLL_MS) {
      const repeated = streams.before(await streams.load(claim.id), meta);
      if (repeated) return repeated;
      if (claim.fingerprint === meta.fingerprint || waitedMs >= graceMs) return undefined;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };

  /** Most often there is none with this content yet; then the append itself finds out. */
  const unseen = ({ idOf }: Naming<State, Command, Refusal>) => ({
    id: idOf(0),
    loaded: streams.empty,
  });

  const decided = async (
    naming: Naming<State, Command, Refusal>,
    { id, loaded }: Candidate<State>,
    claim: 'no key' | Claim | undefined,
    meta: Meta,
  ): Promise<Handled<State, Refusal>> => {
    const decision = streams.decide(naming.commandFor(id), loaded);
    if (decision.outcome === 'refused') return decision;
    const lacking = await naming.secure?.();
    if (lacking !== undefined) return { outcome: 'refused', reason: lacking };
    if (claim !== 'no key') await make(id, claim?.revision ?? 'no-stream', meta);
    return streams.append(id, loaded, decision.events, meta);
  };

  return (naming, { meta, keyed }) =>
    unlessMoved(async (nth) => {
      if (!keyed) {
        const candidate = nth === 1 ? unseen(naming) : await firstUnspent(naming, streams.load);
        return { ...(await decided(naming, candidate, 'no key', meta)), id: candidate.id };
      }
      // In this order: whatever spent an earlier candidate then shows in the claim as well, and a
      // repeat that was slow to look cannot make a second thing.
      const candidate = await firstUnspent(naming, streams.load);
      const claim = await find(meta);
      const repeated = claim && (await outcomeOf(claim, meta));
      if (claim && repeated) return { ...repeated, id: claim.id };
      return { ...(await decided(naming, candidate, claim, meta)), id: candidate.id };
    });
};
