import { StreamMoved, type EventStore, type Recorded, type Revision } from './event-store.ts';
import type { Handled } from './handle-command.ts';
import { derivedId } from './identity.ts';
import { contract, Instant, type MessagesIn, type Meta } from './message.ts';
import type { KeyedHash } from './personal.ts';
import { Type } from './type.ts';

/**
 * How long a value that leads to nothing yet is left to the command that took it: longer than the
 * appends take that come after, since until then it may still come to something.
 */
export const GRACE_MS = 20_000;
const POLL_MS = 50;

const reservation = {
  /** What sort of value it is, like `reseller-email`. The value itself names the stream, hashed. */
  kind: Type.String(),
  /** The thing that it is to belong to. */
  holder: Type.String(),
  at: Instant,
};

export const reservationEvents = contract('reservation', {
  /** `commandId` is the command's that it was taken for: only that one may go on with it. */
  ValueReserved: Type.Object({ ...reservation, commandId: Type.String() }),
  ValueReleased: Type.Object(reservation),
});
type ReservationEvent = MessagesIn<typeof reservationEvents>;

/** Gives the value back, unless it has become the holder's or somebody has taken it over. */
export type Release = (meta: Meta) => Promise<void>;

/** Somebody's claim to be the only one with a value, kept apart from what it is claimed for. */
export type Reservations = {
  /** The same command may ask again. `taken` when the value is, or is about to be, another's. */
  readonly reserve: (value: string, holder: string, meta: Meta) => Promise<Release | 'taken'>;
  /** To be asked for before a holder's value changes, and to be called once it has. */
  readonly releasing: (value: string, holder: string) => Promise<Release>;
};

export type ReservationOptions = {
  readonly kind: string;
  readonly hash: KeyedHash;
  /** Whether the holder has the value now, as its own stream says. */
  readonly has: (holder: string, value: string) => Promise<boolean>;
  readonly graceMs?: number;
};

type Place = {
  readonly stream: string;
  readonly last: Recorded<ReservationEvent> | undefined;
  readonly revision: Revision;
};

/** One command may write here more than once, and each time it is another event. */
const step = (meta: Meta, what: string, revision: Revision): Meta => ({
  ...meta,
  commandId: derivedId('reservation', what, meta.commandId, String(revision)),
});

/** Whoever was faster has it now; the place says who. */
const unlessOvertaken = async (append: () => Promise<unknown>): Promise<void> => {
  try {
    await append();
  } catch (error) {
    if (!(error instanceof StreamMoved)) throw error;
  }
};

/** What is on record about a value, and what is added to it. */
const placesIn = (eventStore: EventStore, { kind, hash, has }: ReservationOptions) => ({
  placeOf: async (value: string): Promise<Place> => {
    const stream = `reservation-${derivedId('reservation', kind, hash(kind, value))}`;
    const { events, revision } = await eventStore.read(stream, reservationEvents);
    return { stream, last: events.at(-1), revision };
  },

  write: ({ stream, revision }: Place, event: ReservationEvent, meta: Meta) =>
    unlessOvertaken(() =>
      eventStore.append(stream, reservationEvents, [event], {
        expected: revision,
        meta: step(meta, event.type, revision),
      }),
    ),

  /** Nothing while that cannot be said: somebody is about to have it, or has died on the way. */
  standing: async ({ last }: Place, value: string, holder: string, { commandId }: Meta) => {
    if (last?.type !== 'ValueReserved') return 'free';
    if (last.data.commandId === commandId && last.data.holder === holder) return 'reserved';
    if (!(await has(last.data.holder, value))) return undefined;
    return last.data.holder === holder ? 'reserved' : 'taken';
  },
});

/**
 * Keeps a value that may change the only one of its kind, where no stream can be named after it:
 * reserve, write, release. A reservation whose command came to nothing is taken over.
 */
export const reservationsIn = (
  eventStore: EventStore,
  options: ReservationOptions,
): Reservations => {
  const { kind, has, graceMs = GRACE_MS } = options;
  const { placeOf, write, standing } = placesIn(eventStore, options);

  const releaseOf =
    (place: Place, value: string, holder: string): Release =>
    async (meta) => {
      if (await has(holder, value)) return;
      await write(place, { type: 'ValueReleased', data: { kind, holder, at: meta.at } }, meta);
    };

  return {
    reserve: async (value, holder, meta) => {
      const waiting = { at: undefined as Revision | undefined, forMs: 0, inAllMs: 0 };
      while (waiting.inAllMs <= 2 * graceMs) {
        const place = await placeOf(value);
        const stands = await standing(place, value, holder, meta);
        if (stands === 'taken') return stands;
        if (stands === 'reserved') return releaseOf(place, value, holder);
        if (place.revision !== waiting.at) [waiting.at, waiting.forMs] = [place.revision, 0];
        if (stands === 'free' || waiting.forMs >= graceMs) {
          const data = { kind, holder, commandId: meta.commandId, at: meta.at };
          await write(place, { type: 'ValueReserved', data }, meta);
        } else {
          await new Promise((resolve) => setTimeout(resolve, POLL_MS));
          waiting.forMs += POLL_MS;
          waiting.inAllMs += POLL_MS;
        }
      }
      return 'taken';
    },
    releasing: async (value, holder) => {
      const place = await placeOf(value);
      const isTheirs = place.last?.type === 'ValueReserved' && place.last.data.holder === holder;
      return isTheirs ? releaseOf(place, value, holder) : () => Promise.resolve();
    },
  };
};

/**
 * Runs a command that needs a value for its holder alone. `work` calls what it is given once it
 * has been decided that the command is to be accepted, and before that is written; when it is
 * refused in the end, the value is given back. Of a command of which it is not known what became,
 * the value is left to be taken over.
 */
export const withReserved = async <State, Refusal, Taken extends string>(
  { reserve }: Reservations,
  { value, holder, taken }: { value: string; holder: string; taken: Taken },
  meta: Meta,
  work: (secure: () => Promise<Taken | undefined>) => Promise<Handled<State, Refusal>>,
): Promise<Handled<State, Refusal>> => {
  let release: Release | undefined;
  const handled = await work(async () => {
    const reserved = await reserve(value, holder, meta);
    if (reserved === 'taken') return taken;
    release = reserved;
    return undefined;
  });
  if (handled.outcome === 'refused') await release?.(meta);
  return handled;
};
