import { StreamMoved, type EventStore, type Revision } from '#shared/kernel/event-store.ts';
import type { Meta } from '#shared/kernel/message.ts';
import { oneAtATime } from '#shared/platform/one-at-a-time.ts';
import { equipmentUnmatchedEvents, type EquipmentUnmatchedEvent } from '#shared/swap/events.ts';

/** A day's stream takes no more: equipment that only babbles must not fill the log. */
export const MOST_UNMATCHED_A_DAY = 10_000n;
/** Several gateways write to the same day; each time one of them is first. */
const MOST_RACES = 50;

/**
 * Keeps what belongs to no transaction, by the day. Says no when the day is full.
 * @throws {StoreAway | StreamMoved} when it is not known; keeping it again is safe.
 */
export const unmatchedIn = (eventStore: EventStore, most = MOST_UNMATCHED_A_DAY) => {
  let known: { readonly stream: string; readonly revision: Revision } | undefined;
  const inTurn = oneAtATime();

  const keep = async (stream: string, data: EquipmentUnmatchedEvent['data'], meta: Meta) => {
    if (known?.stream !== stream) {
      const { revision } = await eventStore.read(stream, equipmentUnmatchedEvents);
      known = { stream, revision };
    }
    const { revision: expected } = known;
    if (expected !== 'no-stream' && expected + 1n >= most) return false;
    const event = { type: 'EquipmentReplyUnmatched', data } as const;
    const options = { expected, meta };
    const at = await eventStore.append(stream, equipmentUnmatchedEvents, [event], options);
    known = { stream, revision: at.revision };
    return true;
  };

  return (data: EquipmentUnmatchedEvent['data'], meta: Meta): Promise<boolean> => {
    const stream = `equipmentUnmatched-${data.at.slice(0, 10)}`;
    return inTurn(stream, async () => {
      for (let race = 1; ; race++)
        try {
          return await keep(stream, data, meta);
        } catch (error) {
          known = undefined;
          if (!(error instanceof StreamMoved) || race === MOST_RACES) throw error;
        }
    });
  };
};
