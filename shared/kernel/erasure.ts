import { StreamMoved, type EventStore } from './event-store.ts';
import { derivedId } from './identity.ts';
import { contract, Instant, type Meta } from './message.ts';
import { Type } from './type.ts';

/** What shows later that somebody was erased. It names nobody. */
export const erasureEvents = contract('erasure', {
  PersonalDataErased: Type.Object({
    receiptId: Type.String({ format: 'uuid' }),
    /** Whose key was destroyed; nothing leads from here to a person any more. */
    subjectId: Type.String({ format: 'uuid' }),
    /** Which kinds of data nobody can read any more, never the data. */
    what: Type.Array(Type.String()),
    at: Instant,
  }),
});

/** Whether there was a key to destroy. Nobody can open what was sealed under it, ever again. */
export type DestroyKey = (subjectId: string) => Promise<boolean>;

export type Receipt = {
  readonly id: string;
  readonly erasedAt: Instant;
  readonly what: readonly string[];
  /** Where it stands in the log: who reads from there on reads the receipt too. */
  readonly position: bigint;
};

export type Erase = (
  person: { readonly subjectId: string; readonly what: readonly string[] },
  meta: Meta,
) => Promise<Receipt>;

/**
 * Destroys a person's key, and then puts that on record: a record must not promise what is still to
 * be done. Whoever was cut short asks again; the first receipt is the only one.
 */
export const erasing = (eventStore: EventStore, destroyKey: DestroyKey): Erase => {
  const receiptIn = async (stream: string): Promise<Receipt | undefined> => {
    const { events } = await eventStore.read(stream, erasureEvents);
    const [first] = events;
    if (!first) return undefined;
    const { data, position } = first;
    return { id: data.receiptId, erasedAt: data.at, what: data.what, position };
  };

  return async ({ subjectId, what }, meta) => {
    const stream = `erasure-${subjectId}`;
    await destroyKey(subjectId);
    const earlier = await receiptIn(stream);
    if (earlier) return earlier;

    const receiptId = derivedId('erasure', subjectId);
    const data = { receiptId, subjectId, what: [...what], at: meta.at };
    try {
      const event = { type: 'PersonalDataErased', data } as const;
      const options = { expected: 'no-stream', meta } as const;
      const { position } = await eventStore.append(stream, erasureEvents, [event], options);
      return { id: receiptId, erasedAt: meta.at, what: data.what, position };
    } catch (error) {
      if (!(error instanceof StreamMoved)) throw error;
      const first = await receiptIn(stream);
      if (!first) throw error;
      return first;
    }
  };
};
