import { StreamMoved, type EventStore, type Revision } from '#shared/kernel/event-store.ts';
import type { Meta } from '#shared/kernel/message.ts';
import { equipmentUnmatchedEvents, type EquipmentUnmatchedEvent } from '#shared/swap/events.ts';

/** A day's stream takes no more: equipment that only babbles must not fill the log. */
export const MOST_UNMATCHED_A_DAY = 10_000n;
/** Several gateways write to the same day; each time one of them is first. */
const MOST_RACES = 50;
/** Written at a time. */
const LARGEST_BATCH = 100;

type Unmatched = EquipmentUnmatchedEvent['data'];
type Waiting = {
  readonly data: Unmatched;
  readonly meta: Meta;
  readonly kept: (isKept: boolean) => void;
  readonly failed: (error: unknown) => void;
};
type Batch = readonly [Waiting, ...Waiting[]];

const streamOf = ({ at }: Unmatched) => `equipmentUnmatched-${at.slice(0, 10)}`;

const belongTogether = (one: Waiting, other: Waiting): boolean =>
  streamOf(one.data) === streamOf(other.data) && one.meta.actor.id === other.meta.actor.id;

/** The first, and what follows it of the same day and the same equipment. */
const nextOf = ([first, ...others]: readonly Waiting[]): Batch | undefined => {
  if (!first) return undefined;
  const end = others.findIndex((other) => !belongTogether(first, other));
  return [first, ...others.slice(0, Math.min(end < 0 ? Infinity : end, LARGEST_BATCH - 1))];
};

const roomAfter = (revision: Revision, most: bigint): number =>
  Number(most - (revision === 'no-stream' ? 0n : revision + 1n));

/** Writes to the end of a day, wherever that is; how many of them, the first ones, had room. */
const writer = (eventStore: EventStore, most: bigint) => {
  let known: { readonly stream: string; readonly revision: Revision } | undefined;
  const endOf = async (stream: string): Promise<Revision> =>
    known?.stream === stream
      ? known.revision
      : (await eventStore.read(stream, equipmentUnmatchedEvents)).revision;

  const writeOnce = async (batch: Batch): Promise<number> => {
    const stream = streamOf(batch[0].data);
    const expected = await endOf(stream);
    known = { stream, revision: expected };
    const room = batch.slice(0, Math.max(0, roomAfter(expected, most)));
    if (room.length === 0) return 0;
    const events = room.map(({ data }) => ({ type: 'EquipmentReplyUnmatched', data }) as const);
    const options = { expected, meta: batch[0].meta };
    const { revision } = await eventStore.append(stream, equipmentUnmatchedEvents, events, options);
    known = { stream, revision };
    return room.length;
  };

  return async (batch: Batch): Promise<number> => {
    for (let race = 1; ; race++)
      try {
        return await writeOnce(batch);
      } catch (error) {
        const stream = streamOf(batch[0].data);
        const revision = error instanceof StreamMoved ? error.now : undefined;
        known = revision === undefined ? undefined : { stream, revision };
        if (!(error instanceof StreamMoved) || race === MOST_RACES) throw error;
      }
  };
};

/**
 * Keeps what belongs to no transaction, by the day. Says no when the day is full. What comes while
 * something is written is written next, all of it at once: nobody's babble is to hold up replies.
 * @throws {StoreAway | StreamMoved} when it is not known; keeping it again is safe.
 */
export const unmatchedIn = (eventStore: EventStore, most = MOST_UNMATCHED_A_DAY) => {
  const write = writer(eventStore, most);
  const waiting: Waiting[] = [];
  let writing = false;

  const writeAll = async (): Promise<void> => {
    for (let batch = nextOf(waiting); batch; batch = nextOf(waiting)) {
      waiting.splice(0, batch.length);
      try {
        const count = await write(batch);
        for (const [nth, { kept }] of batch.entries()) kept(nth < count);
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    writing = false;
  };

  return (data: Unmatched, meta: Meta): Promise<boolean> =>
    new Promise((kept, failed) => {
      waiting.push({ data, meta, kept, failed });
      if (writing) return;
      writing = true;
      void writeAll();
    });
};
