import { BEGINNING, type EventStore } from '#shared/kernel/event-store.ts';
import { together } from '#shared/kernel/message.ts';
import { equipmentUnmatchedEvents, swapEvents, type SwapEvent } from '#shared/swap/events.ts';
import { numberOf } from '#shared/swap/number.ts';

const ENDS: ReadonlySet<string> = new Set(['SwapCompleted', 'SwapFailed', 'SwapExpired']);

/** All that the log says of transactions, as it comes. */
export const swapsObserved = (eventStore: EventStore) => {
  const stopping = new AbortController();
  const byNumber = new Map<number, SwapEvent[]>();
  const counted = new Map<string, number>();
  const over = new Set<number>();
  const keptAsLate = new Set<number>();
  const waiting = new Map<number, (() => void)[]>();
  const count = (what: string) => counted.set(what, (counted.get(what) ?? 0) + 1);

  const note = (event: SwapEvent) => {
    const number = numberOf(event.data.swapId) ?? 0;
    byNumber.set(number, [...(byNumber.get(number) ?? []), event]);
    if (event.type === 'EquipmentReplyIgnored') {
      count(event.data.why);
      if (event.data.why === 'late') keptAsLate.add(number);
    }
    if (!ENDS.has(event.type)) return;
    over.add(number);
    for (const tell of waiting.get(number) ?? []) tell();
    waiting.delete(number);
  };
  const observe = async () => {
    const events = together(swapEvents, equipmentUnmatchedEvents);
    for await (const page of eventStore.pages(events, BEGINNING, stopping.signal))
      for (const event of page.events) {
        count(event.type);
        if (event.type !== 'EquipmentReplyUnmatched') note(event);
      }
  };
  const observed = observe();
  observed.catch(() => undefined);

  return {
    eventsOf: (number: number): readonly SwapEvent[] => byNumber.get(number) ?? [],
    /** Events by type, and replies that changed nothing by why. */
    counted: counted as ReadonlyMap<string, number>,
    ended: () => over.size,
    /** Those of which an answer is on record that was too late. */
    keptAsLate: keptAsLate as ReadonlySet<number>,
    whenOver: (number: number): Promise<void> =>
      new Promise((resolve) => {
        if (over.has(number)) resolve();
        else waiting.set(number, [...(waiting.get(number) ?? []), resolve]);
      }),
    stop: async () => {
      stopping.abort();
      await observed;
    },
  };
};
export type SwapsObserved = ReturnType<typeof swapsObserved>;
