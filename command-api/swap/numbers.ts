import { randomUUID } from 'node:crypto';
import { StreamMoved, type EventStore, type Revision } from '#shared/kernel/event-store.ts';
import type { Clock, Meta } from '#shared/kernel/message.ts';
import { swapNumberEvents } from '#shared/swap/events.ts';

/** Taken at a time by one process. Those that it does not give away are never given away. */
const BLOCK = 100;
/** Of several processes that take numbers at the same moment one is first each time. */
const MOST_RACES = 50;

const STREAM = 'swapNumbers-all';

const metaFor = (at: Meta['at']): Meta => {
  // Never the same: of two that want the same block, one must not be taken for the other's repeat.
  const commandId = randomUUID();
  return {
    ...{ commandId, causationId: commandId, correlationId: commandId, fingerprint: '', at },
    actor: { id: 'swap-numbers', role: 'system' },
  };
};

/**
 * Positive integers, of which no process anywhere gives one away twice: blocks of them are taken
 * in the log, so that they do not begin again with an empty database.
 */
export const swapNumbers = (eventStore: EventStore, clock: Clock): (() => Promise<number>) => {
  let known: { readonly last: number; readonly revision: Revision } | undefined;
  let [next, last] = [1, 0];
  let taking: Promise<void> | undefined;

  const look = async () => {
    const { events, revision } = await eventStore.read(STREAM, swapNumberEvents);
    return { last: events.at(-1)?.data.to ?? 0, revision };
  };
  const takeOnce = async (): Promise<void> => {
    const { last: before, revision: expected } = known ?? (await look());
    const [from, to] = [before + 1, before + BLOCK];
    const at = clock();
    const event = { type: 'SwapNumbersTaken', data: { from, to, at } } as const;
    const options = { expected, meta: metaFor(at) };
    const { revision } = await eventStore.append(STREAM, swapNumberEvents, [event], options);
    known = { last: to, revision };
    [next, last] = [from, to];
  };
  const take = async (): Promise<void> => {
    for (let race = 1; ; race++)
      try {
        await takeOnce();
        return;
      } catch (error) {
        known = undefined;
        if (!(error instanceof StreamMoved) || race === MOST_RACES) throw error;
      }
  };

  return async () => {
    while (next > last) {
      taking ??= take().finally(() => (taking = undefined));
      await taking;
    }
    return next++;
  };
};
